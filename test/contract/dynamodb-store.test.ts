import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DynamoDbStore } from '../../functions/src/adapters/aws/dynamodb-store.ts';
import { LocalDynamoDb } from '../fakes/dynamodb.ts';
import { type DynamoDbFaults, FaultyDynamoDb } from '../fakes/dynamodb-faults.ts';
import { account, alice, greeting, later, now } from './store/samples.ts';
import { storeContract } from './store.ts';

let dynamoDb: LocalDynamoDb;

before(async () => {
  dynamoDb = await LocalDynamoDb.start();
});

after(() => dynamoDb.stop());

/** Each fact meets other faults, the same in every run. */
let seed = 0;
const nextSeed = (): number => {
  seed += 1;
  return seed;
};

const none: DynamoDbFaults = { throttled: 0, unsent: 0, lost: 0, hasSmallPages: false };

const open = async (faults: DynamoDbFaults) => {
  const ownSeed = nextSeed();
  const table = await dynamoDb.newTable();
  const client = dynamoDb.client();
  const faulty = new FaultyDynamoDb({ faulty: client, plain: dynamoDb.client() }, faults, ownSeed);
  return {
    store: new DynamoDbStore({ table, client, deadlineMs: 20_000 }),
    settle: async () => faulty.settle(),
    clean: (at: number) => dynamoDb.clean(table, at),
    close: async () => client.destroy(),
  };
};

storeContract('DynamoDB', () => open(none));

storeContract('DynamoDB that loses the first answer to every write', () => open({ ...none, lost: 1 }));

storeContract('DynamoDB that answers by small, late and empty pages', () => open({ ...none, hasSmallPages: true }));

storeContract('hostile DynamoDB', () => open({ throttled: 0.15, unsent: 0.1, lost: 0.2, hasSmallPages: true }));

describe('a request to DynamoDB', () => {
  it('that is throttled all the time fails within its deadline, and says why', async () => {
    const client = dynamoDb.client();
    new FaultyDynamoDb({ faulty: client, plain: client }, { ...none, throttled: 1 }, 1);
    const store = new DynamoDbStore({ table: await dynamoDb.newTable(), client, deadlineMs: 200 });
    const startedAt = performance.now();
    await assert.rejects(store.accounts.find(alice), /has not answered GetItem .* within 200 ms, try again later/);
    assert.ok(performance.now() - startedAt < 1_000);
  });

  it('that DynamoDB refuses for itself is not repeated', async () => {
    const store = new DynamoDbStore({ table: 'no-such-table', client: dynamoDb.client() });
    await assert.rejects(store.accounts.find(alice), /AWS refuses GetItem of 'A#alice@example.org META'/);
  });

  it('for an item over 400 KB is refused by name', async () => {
    const { store } = await open(none);
    const done = { kind: 'done', id: 'large', ok: true, result: 'x'.repeat(400 * 1024) } as const;
    await assert.rejects(store.commandResults.put(done, later), /refuses PutItem of 'D#large done': .*size/);
    assert.equal(await store.commandResults.find('large', now), undefined);
  });
});

describe('a crash between two writes', () => {
  /** A store whose process dies when it wants to write for the time `last` + 1. */
  const dying = async (last: number) => {
    const table = await dynamoDb.newTable();
    const client = dynamoDb.client();
    let writes = 0;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName !== 'GetItemCommand' && commandName !== 'QueryCommand') writes += 1;
          if (writes > last) throw new Error('the process is dead');
          return next(args);
        },
      { step: 'initialize' },
    );
    return {
      first: new DynamoDbStore({ table, client }),
      next: new DynamoDbStore({ table, client: dynamoDb.client() }),
    };
  };

  it('leaves no half account: it is not there, and may be created', async () => {
    const { first, next } = await dying(1);
    await assert.rejects(first.accounts.create(account()), /the process is dead/);
    assert.equal(await next.accounts.find(alice), undefined);
    assert.deepEqual(await next.accounts.list('', 5), []);
    assert.equal(await next.accounts.create(account()), 'created');
    assert.deepEqual(await next.accounts.list('', 5), [account()]);
  });

  it('of a greeting leaves the edge as it was', async () => {
    const { first, next } = await dying(2);
    await first.edges.hello(greeting());
    await assert.rejects(first.edges.hello(greeting({ renewedAt: later })), /the process is dead/);
    assert.equal((await next.edges.list())[0]?.renewedAt, now);
    assert.equal(await next.edges.hello(greeting({ renewedAt: later })), 5);
    assert.equal((await next.edges.list())[0]?.renewedAt, later);
  });
});
