import { once } from 'node:events';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { tableDefinition } from '../../functions/src/adapters/aws/table.ts';

/** DynamoDB in this process, asked over HTTP like the real one. */
export class LocalDynamoDb {
  readonly #server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  readonly #clients: DynamoDBClient[] = [];
  #tables = 0;

  static async start(): Promise<LocalDynamoDb> {
    const started = new LocalDynamoDb();
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  get endpoint(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  client(): DynamoDBClient {
    const client = new DynamoDBClient({
      endpoint: this.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    this.#clients.push(client);
    return client;
  }

  /** Makes an empty table. @returns its name */
  async newTable(): Promise<string> {
    this.#tables += 1;
    const name = `signaling-${this.#tables}`;
    await this.client().send(new CreateTableCommand(tableDefinition(name)));
    return name;
  }

  /** Deletes what has expired by `at` (ms since 1970), as DynamoDB does within days. */
  async clean(table: string, at: number): Promise<void> {
    const client = this.client();
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
    const expired = Items.filter(({ ttl }) => ttl?.N !== undefined && Number(ttl.N) * 1000 <= at);
    for (const { pk, sk } of expired) {
      if (pk === undefined || sk === undefined) throw new Error('an item has no key');
      await client.send(new DeleteItemCommand({ TableName: table, Key: { pk, sk } }));
    }
  }

  /** How many items of a partition the table holds. */
  async sizeOf(table: string, pk: string): Promise<number> {
    const query = new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
    });
    return (await this.client().send(query)).Count ?? 0;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
