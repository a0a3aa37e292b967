import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDbTable } from './dynamodb-table.ts';

export interface DynamoDbOptions {
  /** Name of a table as table.ts defines it. */
  readonly table: string;
  /** Need not repeat requests: the store does, within its deadline. */
  readonly client?: DynamoDBClient;
  /** How long one request may take, with all its repetitions, in ms. */
  readonly deadlineMs?: number;
}

export const openTable = ({ table, client = newClient(), deadlineMs = 5_000 }: DynamoDbOptions): DynamoDbTable =>
  new DynamoDbTable(client, table, deadlineMs);

const newClient = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
  });
