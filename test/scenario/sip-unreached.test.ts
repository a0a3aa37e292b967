import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { unreachedPerAccount } from '@sylk/protocol/limits.ts';
import { freePort } from '../peers/ports.ts';
import { SipWorld } from './sip-world.ts';

test('a closed TCP port of our networks ends like one where something else listens', async () => {
  const world = await SipWorld.open();
  const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  const leaving = createServer((socket) => socket.end('220 mail.example\r\n')).listen(0, '127.0.0.1');
  await Promise.all([once(silent, 'listening'), once(leaving, 'listening')]);
  const seen = await Promise.all(
    [await freePort(), portOf(silent), portOf(leaving)].map(async (port) => {
      const began = performance.now();
      const alice = await world.call(`bob@127.0.0.1:${port};transport=tcp`);
      const { cause } = await alice.tells('ended');
      return { code: cause.code, words: cause.detail?.replace(/\d+$/, ''), ms: performance.now() - began };
    }),
  );
  for (const { code, words, ms } of seen) {
    assert.deepEqual([code, words], [408, 'no answer from tcp 127.0.0.1:']);
    assert.ok(ms >= 690, `told after ${ms} ms`);
  }
  silent.close();
  leaving.close();
  await world.close();
});

test('a TCP port of the Internet where nobody listens: 503 in words', async () => {
  const networks = { refusal: () => undefined, isTrusted: () => false, isPrivate: () => false };
  const open = await SipWorld.open({ networks });
  const port = await freePort();
  const alice = await open.call(`bob@127.0.0.1:${port};transport=tcp`);
  const { cause } = await alice.tells('ended');
  assert.deepEqual(
    [cause.code, cause.detail],
    [503, `nothing could be sent to tcp 127.0.0.1:${port}: connection refused`],
  );
  await open.close();
});

test('an account that has reached nobody too often may not try on', async () => {
  const eager = await SipWorld.open({
    timers: { t1Ms: 50, t2Ms: 400, t4Ms: 500, closeMs: 300, unreachedMs: 20 },
  });
  for (let count = 0; count < unreachedPerAccount; count += 1) {
    const alice = await eager.call(`bob@127.0.0.1:${await freePort()};transport=tcp`);
    assert.equal((await alice.tells('ended')).cause.code, 408);
  }
  const { cause } = await (await eager.call(`bob@127.0.0.1:${await freePort()};transport=tcp`)).tells('ended');
  assert.deepEqual([cause.code, cause.by], [403, 'gateway']);
  await eager.close();
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}
