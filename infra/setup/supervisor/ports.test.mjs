import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { assertFree, portsOf } from './ports.mjs';

test('without settings the defaults are looked at', () => {
  const seen = portsOf({}).map(({ port, protocol }) => `${port}/${protocol}`);
  assert.deepEqual(seen, ['8080/tcp', '8443/tcp', '5060/udp', '5060/tcp', '5061/tcp', '40000/udp', '40000/tcp']);
});

test('settings are looked at instead, and nonsense is left to the parts', () => {
  const seen = portsOf({
    SYLK_HTTP_PORT: '8100',
    SYLK_HTTPS_PORT: 'many',
    SYLK_SIP_PORT: '0',
    SYLK_MEDIA_PORTS: '8110-8199',
  });
  assert.deepEqual(
    seen.map(({ port, setting }) => `${setting}=${port}`),
    ['SYLK_HTTP_PORT=8100', 'SYLK_MEDIA_PORTS=8110', 'SYLK_MEDIA_PORTS=8110'],
  );
});

test('SIP over TLS has the port above that of SIP, unless it is given, or not wanted', () => {
  const secure = (/** @type {Record<string, string>} */ settings) =>
    portsOf(settings).filter(({ setting }) => setting === 'SYLK_SIPS_PORT');
  assert.deepEqual(
    secure({ SYLK_SIP_PORT: '6000' }).map(({ port }) => port),
    [6001],
  );
  assert.deepEqual(
    secure({ SYLK_SIPS_PORT: '6443' }).map(({ port }) => port),
    [6443],
  );
  assert.deepEqual(secure({ SYLK_SIPS_PORT: 'none' }), []);
});

test('a TCP port that is taken is named with its setting', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const { port } = address;
  await assert.rejects(
    assertFree([{ port, protocol: 'tcp', address: '127.0.0.1', setting: 'SYLK_HTTP_PORT' }]),
    new RegExp(`port ${port} \\(tcp\\) is taken by another program: it is the one of SYLK_HTTP_PORT`),
  );
  server.close();
});

test('a UDP port that is taken is named with its setting', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await assert.rejects(
    assertFree([{ port, protocol: 'udp', address: '127.0.0.1', setting: 'SYLK_SIP_PORT' }]),
    /is taken by another program: it is the one of SYLK_SIP_PORT/,
  );
  socket.close();
});

test('an address of another machine is said to be one', async () => {
  await assert.rejects(
    assertFree([{ port: 8190, protocol: 'tcp', address: '192.0.2.1', setting: 'SYLK_HTTP_PORT' }]),
    /not one of this machine/,
  );
});
