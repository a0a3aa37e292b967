import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionId } from '@sylk/protocol/ids.ts';
import { maxUnsentBytes } from '@sylk/protocol/limits.ts';
import { WebSocket } from 'ws';
import { silentLog } from '../../ports/log.ts';
import { type HostLimits, hostLimits } from './host-limits.ts';
import { listen } from './listening.ts';
import { originRule } from './origins.ts';
import { upgradeListener } from './upgrades.ts';
import { WebSocketHost } from './websocket-host.ts';

const servers: Server[] = [];
const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const server of servers.splice(0)) server.close();
});

/** A host on a port of its own, and what it told its handlers. */
const startHost = async (limits: Partial<HostLimits> = {}) => {
  const told: string[] = [];
  const opened = Promise.withResolvers<ConnectionId>();
  const closed = Promise.withResolvers<ConnectionId>();
  const host = new WebSocketHost({
    handlers: {
      hasBackend: async () => true,
      opened: async (connection) => opened.resolve(connection),
      received: async (_, request) => void told.push(request.transaction),
      closed: async (connection) => closed.resolve(connection),
      ignored: (_, why) => told.push(why),
      failed: assert.ifError,
      broken: () => undefined,
      refused: (status) => told.push(String(status)),
    },
    origins: originRule({ patterns: [], names: ['sylk.test'] }),
    limits: { ...hostLimits(60_000), ...limits },
    newId: () => `c${sockets.length}`,
  });
  const server = createServer().on('upgrade', upgradeListener({ '/ws': host }, silentLog));
  servers.push(server);
  const port = await listen(server, { port: 0, host: '127.0.0.1', setting: 'TEST' });
  return { host, port, told, opened: opened.promise, closed: closed.promise };
};

const connect = async (port: number, options: object = {}): Promise<WebSocket> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, 'sylkRTC-2', options);
  sockets.push(socket);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
};

const closing = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once('close', resolve));

test('a connection without messages is closed as idle; messages either way keep it', async () => {
  const { host, port, opened } = await startHost({ maxIdleMs: 150 });
  const socket = await connect(port);
  const code = closing(socket);
  const connection = await opened;
  const startedAt = Date.now();
  for (let count = 0; count < 4; count += 1) {
    await sleep(75);
    if (count % 2 === 0) socket.send('anything');
    else await host.post(connection, '{}');
  }
  assert.equal(await code, 1001);
  assert.ok(Date.now() - startedAt > 300);
});

test('pings of a client are answered', async () => {
  const { port } = await startHost();
  const socket = await connect(port);
  const answer = once(socket, 'pong');
  socket.ping('first');
  assert.equal(String((await answer)[0]), 'first');
});

test('a client that does not answer pings is dropped', async () => {
  const { port, closed } = await startHost({ pingMs: 60 });
  const lively = await connect(port);
  const deaf = await connect(port, { autoPong: false });
  assert.equal(await closing(deaf), 1006);
  await closed;
  assert.equal(lively.readyState, WebSocket.OPEN);
});

test('a client that does not read is dropped before what waits for it grows large', async () => {
  const { host, port, opened, closed } = await startHost();
  const socket = await connect(port);
  const connection = await opened;
  socket.pause();
  const frame = 'x'.repeat(30_000);
  let posts = 0;
  while ((await host.post(connection, frame)) === 'sent') {
    posts += 1;
    if (posts % 10 === 0) await sleep(1);
    assert.ok(posts < 10_000, 'never dropped');
  }
  // The kernel takes some megabytes before anything waits here.
  assert.ok(posts * frame.length >= maxUnsentBytes);
  await closed;
  assert.equal(await host.post(connection, frame), 'gone');
  assert.equal(host.size, 0);
});

test('closing the host says goodbye and waits for the end of each connection', async () => {
  const { host, port, opened, closed } = await startHost();
  const socket = await connect(port);
  const connection = await opened;
  const code = closing(socket);
  await host.closeAll();
  assert.equal(await closed, connection);
  assert.equal(await code, 1001);
});
