import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Server } from 'node:net';
import { test } from 'node:test';
import { pino } from 'pino';
import { upgradeListener } from './upgrades.ts';

const request = 'GET /nothing HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

test('a client that resets its refused upgrade does not end the process', async (t) => {
  const server = await listening();
  t.after(() => server.close());
  for (let round = 0; round < 10; round += 1) {
    const client = dial(server);
    server.once('upgrade', () => client.resetAndDestroy());
    client.write(request);
    await once(client, 'close');
  }
  await nobodyLeft(server);
});

test('a refused upgrade does not wait for its client to close', async (t) => {
  const server = await listening();
  t.after(() => server.close());
  const client = dial(server).resume();
  t.after(() => client.destroy());
  client.write(request);
  await nobodyLeft(server, 1);
});

async function listening(): Promise<Server> {
  const server = createServer().on('upgrade', upgradeListener({}, pino({ level: 'silent' })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function dial(server: Server) {
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return connect({ port: address.port, host: address.address, allowHalfOpen: true }).on('error', () => undefined);
}

/** Resolves once the server has seen `atLeast` connections and all of them are gone. */
async function nobodyLeft(server: Server, atLeast = 0): Promise<void> {
  if (atLeast > 0) await once(server, 'upgrade');
  const count = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, connections) => (error ? reject(error) : resolve(connections))),
    );
  for (let tries = 0; tries < 100 && (await count()) > 0; tries += 1) await new Promise((done) => setTimeout(done, 20));
  assert.equal(await count(), 0);
}
