import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edgeId } from '@sylk/protocol/ids.ts';
import { linkTokenMs } from '@sylk/protocol/limits.ts';
import { mintLinkToken } from '@sylk/protocol/link-token.ts';
import { silentLog } from '../../ports/log.ts';
import { hmacWith } from '../local/node-crypto.ts';
import { SqliteStore } from '../local/sqlite-store.ts';
import { edgeAuthorizer } from './edge-authorizer.ts';

const methodArn = 'arn:aws:execute-api:eu-central-1:123456789012:api/v1/$connect';
const edge = edgeId('edge-1');

const stage = () => {
  const store = new SqliteStore(':memory:');
  const world = { now: 1_000_000, secret: 'first secret', remembered: 'first secret' };
  const authorize = edgeAuthorizer({
    nonces: store.nonces,
    clock: { now: () => world.now, sleep: async () => undefined },
    log: silentLog,
    hmac: async () => hmacWith(world.remembered),
    freshHmac: async () => hmacWith(world.secret),
  });
  const come = (token: string) => authorize({ methodArn, queryStringParameters: { token } });
  const mint = (nonce: string, secret = world.secret) => mintLinkToken(edge, nonce, world.now, hmacWith(secret));
  return { world, come, mint, authorize };
};

test('a good token lets the edge in, by its name', async () => {
  const { come, mint } = stage();
  const answer = await come(mint('nonce-1234567890'));
  assert.deepEqual(answer.context, { edge });
  assert.deepEqual(answer.policyDocument.Statement, [
    { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn },
  ]);
});

test('a token lets in once', async () => {
  const { come, mint } = stage();
  const token = mint('nonce-1234567890');
  await come(token);
  await assert.rejects(come(token), { message: 'Unauthorized' });
});

test('a token of another secret, an old one, and none are refused', async () => {
  const { world, come, mint, authorize } = stage();
  await assert.rejects(come(mint('nonce-1234567890', 'a guess')), { message: 'Unauthorized' });
  const token = mint('nonce-abcdefghij');
  world.now += linkTokenMs;
  await assert.rejects(come(token), { message: 'Unauthorized' });
  await assert.rejects(authorize({ methodArn, queryStringParameters: null }), { message: 'Unauthorized' });
});

test('a secret that was changed since it was read is looked at again', async () => {
  const { world, come, mint } = stage();
  world.secret = 'second secret';
  assert.deepEqual((await come(mint('nonce-1234567890'))).context, { edge });
});
