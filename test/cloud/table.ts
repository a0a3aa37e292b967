import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '@sylk/protocol/json.ts';
import { freePort } from '../peers/ports.ts';
import { PeerProcess } from '../peers/process.ts';
import type { Faults } from './faults.ts';
import { at, listAt, objectAt } from './json-path.ts';
import { attributeOf } from './physical-names.ts';
import { refusal, type ServiceAnswer } from './service-answer.ts';
import type { Resource } from './templates.ts';

const program = join(import.meta.dirname, '../../node_modules/dynalite/cli.js');
const prefix = 'DynamoDB_20120810.';

/** What of a table's definition makes it; the rest says how it is kept. */
const parts = ['AttributeDefinitions', 'KeySchema', 'BillingMode', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes'];

/** DynamoDB with the one table of the templates. */
export class Table {
  readonly #process: PeerProcess;
  readonly #url: string;
  readonly #faults: Faults;

  private constructor(process: PeerProcess, port: number, faults: Faults) {
    this.#process = process;
    this.#url = `http://127.0.0.1:${port}/`;
    this.#faults = faults;
  }

  static async start({ ref, properties }: Resource, faults: Faults): Promise<Table> {
    const port = await freePort();
    const args = [program, '--port', String(port), '--host', '127.0.0.1', '--createTableMs', '0'];
    const process = new PeerProcess(globalThis.process.execPath, args, { name: 'dynalite' });
    await process.says(/listening at/);
    const table = new Table(process, port, faults);
    const wanted = Object.entries(properties).filter(([name]) => parts.includes(name));
    const made = await table.#ask('CreateTable', JSON.stringify({ TableName: ref, ...Object.fromEntries(wanted) }));
    if (made.status !== 200) throw new Error(`no table: ${made.body}`);
    return table;
  }

  async answer(operation: string, body: Buffer): Promise<ServiceAnswer> {
    const fate = this.#faults.store();
    if (fate === 'throttled') return refusal(400, 'ProvisionedThroughputExceededException');
    const answer = await this.#ask(operation, body.toString());
    return fate === 'loses its answer' ? refusal(500, 'InternalServerError') : answer;
  }

  /** All items, as DynamoDB writes them; for tests that look behind the scenes. */
  async items(name: string): Promise<readonly JsonObject[]> {
    const { body } = await this.#ask('Scan', JSON.stringify({ TableName: name }));
    return listAt(JSON.parse(body), 'Items').filter(isJsonObject);
  }

  stop(): Promise<void> {
    return this.#process.stop('SIGKILL');
  }

  async #ask(operation: string, body: string): Promise<ServiceAnswer> {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${prefix}${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=key/20260101/here/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20260101T000000Z',
    };
    const response = await fetch(this.#url, { method: 'POST', headers, body });
    return { status: response.status, body: await response.text() };
  }
}

/** What a request to DynamoDB is about, as rights name it: tables, and their indexes. */
export const tableArns = (request: unknown): readonly string[] => {
  const names = [at(request, 'TableName'), ...Object.keys(objectAt(request, 'RequestItems'))];
  const index = at(request, 'IndexName');
  const suffix = index === undefined ? '' : `/index/${index}`;
  return names
    .filter((name) => name !== undefined)
    .map((name) => `${attributeOf('AWS::DynamoDB::Table', String(name), 'Arn')}${suffix}`);
};
