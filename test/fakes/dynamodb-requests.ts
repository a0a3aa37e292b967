import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Operations } from './counting-store.ts';

const reading = new Set(['GetItemCommand', 'QueryCommand', 'BatchGetItemCommand']);

/** Counts the requests that a client sends to DynamoDB. */
export class DynamoDbRequests {
  #reads = 0;
  #writes = 0;

  constructor(client: DynamoDBClient) {
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          if (reading.has(commandName)) this.#reads += 1;
          else this.#writes += 1;
          return next(args);
        },
      { step: 'initialize', name: 'requests' },
    );
  }

  /** @returns what was sent since the last look */
  taken(): Operations {
    const counted = { reads: this.#reads, writes: this.#writes };
    this.#reads = 0;
    this.#writes = 0;
    return counted;
  }
}
