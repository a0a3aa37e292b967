import { after, before } from 'node:test';
import { DynamoDbStore } from '../../functions/src/adapters/aws/dynamodb-store.ts';
import { LocalDynamoDb } from '../fakes/dynamodb.ts';
import { storeContract } from './store.ts';

let dynamoDb: LocalDynamoDb;

before(async () => {
  dynamoDb = await LocalDynamoDb.start();
});

after(() => dynamoDb.stop());

storeContract('DynamoDB', async () => {
  const table = await dynamoDb.newTable();
  return {
    store: new DynamoDbStore({ table, client: dynamoDb.client() }),
    clean: (at) => dynamoDb.clean(table, at),
    close: async () => undefined,
  };
});
