import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterEach, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { connectionId, edgeId } from '@sylk/protocol/ids.ts';
import { verifyLinkToken } from '@sylk/protocol/link-token.ts';
import { FakeLinkServer } from '../../../test/fakes/fake-link-server.ts';
import { systemClock } from '../main/system-clock.ts';
import type { Clock } from '../ports/clock.ts';
import { silentLog } from '../ports/log.ts';
import { EdgeLink } from './edge-link.ts';

/** Real time a hundred times faster: the sockets are real, so time cannot stand still. */
const fastClock: Clock = { now: systemClock.now, after: (ms, callback) => systemClock.after(ms / 100, callback) };
const hmac = (text: string) => createHmac('sha256', 'a-secret-of-this-test').update(text).digest('base64url');
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function bench(port = 0) {
  const server = await FakeLinkServer.listen(port);
  const seen = { hellos: 0, lost: 0, commands: 0 };
  let ids = 0;
  const link = new EdgeLink({
    url: server.url,
    edge: edgeId('edge-1'),
    version: '1',
    hmac,
    clock: fastClock,
    log: silentLog,
    newId: () => `id-of-this-test-${++ids}`,
    load: () => ({ calls: 0, cpu: 0, draining: false }),
    command: async (command) => {
      seen.commands += 1;
      return { kind: 'done', id: command.id, ok: true };
    },
    onHello: () => void seen.hellos++,
    onLost: () => void seen.lost++,
  });
  closing.push(
    () => link.close(),
    () => server.close(),
  );
  link.open();
  await server.receives('hello', 2);
  return { server, link, seen };
}

test('two sockets say hello, each with a token of its own that is genuine', async () => {
  const { server, link } = await bench();
  assert.equal(new Set(server.tokens).size, 2);
  for (const token of server.tokens) assert.equal(verifyLinkToken(token, Date.now(), hmac).edge, 'edge-1');
  await server.receives('renew', 4);
  assert.deepEqual([link.isUp, link.hasLease], [true, true]);
});

test('a command is answered on the socket that it came by', async () => {
  const { server, seen } = await bench();
  server.send({ kind: 'drain', id: 'c1', ttlMs: 1000 }, server.sockets[0]);
  const [done] = await server.receives('done');
  assert.deepEqual(done, { kind: 'done', id: 'c1', ok: true });
  assert.equal(seen.commands, 1);
});

test('when a socket breaks, the other carries on, and a new one is dialled', async () => {
  const { server, link } = await bench();
  server.sockets[0]?.terminate();
  assert.deepEqual(await link.reports.send({ kind: 'post', connection: connectionId('c'), frame: '{}' }), {
    gone: false,
  });
  await server.receives('hello', 3);
});

test('what is to be told while signaling is away arrives once it is back', async () => {
  const { server, link } = await bench();
  const port = Number(new URL(server.url).port);
  await server.close();
  const told = link.reports.send({ kind: 'ended', keys: [] });
  const again = await FakeLinkServer.listen(port);
  closing.push(() => again.close());
  assert.deepEqual(await told, {});
  assert.equal(again.count('ended'), 1);
});

test('a link on which renewals get no answer is given up', async () => {
  const { server } = await bench();
  server.silentOn.add('renew');
  await server.receives('hello', 4);
});

test('an edge that was declared lost begins anew, as a later generation', async () => {
  const { server, link, seen } = await bench();
  const before = link.generation;
  server.isLost = true;
  // A greeting whose answer is late is repeated, so their number says nothing.
  const hasBegun = () => server.received.some((said) => said.kind === 'hello' && said.generation > before);
  while (!hasBegun()) await setTimeout(5);
  server.isLost = false;
  assert.ok(link.generation > before);
  assert.ok(seen.lost >= 1);
});

test('nonsense from signaling changes nothing', async () => {
  const { server, link } = await bench();
  for (const socket of server.sockets) socket.send('{"kind":"nothing"}');
  for (const socket of server.sockets) socket.send('no json');
  await server.receives('renew', 3);
  assert.equal(link.isUp, true);
});

test('a report that is too long for one frame arrives whole', async () => {
  const { server, link } = await bench();
  const frame = 'ä'.repeat(40_000);
  void link.reports.send({ kind: 'post', connection: connectionId('c-1'), frame });
  const [report] = await server.receives('post', 1);
  assert.equal(report?.kind === 'post' && report.frame, frame);
});

test('an edge that was lost without knowing it learns that it is not in charge; one that renews in time is', async () => {
  const { server, link } = await bench();
  const { generation } = link;
  assert.equal(await link.isInCharge(generation), true);
  assert.equal(await link.isInCharge(generation - 1), false);
  server.isLost = true;
  while (link.generation === generation) await setTimeout(5);
  assert.equal(await link.isInCharge(generation), false);
  const { promise: answered, resolve } = Promise.withResolvers<boolean>();
  void link.isInCharge(link.generation).then(resolve);
  server.isLost = false;
  await answered;
});
