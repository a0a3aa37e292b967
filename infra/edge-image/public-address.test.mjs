import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { publicAddress } from './public-address.mjs';

/** @type {string | undefined} */
let address = '203.0.113.7';
const service = createServer((request, response) => {
  if (request.method === 'PUT' && request.url === '/latest/api/token') return response.end('token');
  const isKnown = request.headers['x-aws-ec2-metadata-token'] === 'token';
  if (!isKnown || request.url !== '/latest/meta-data/public-ipv4' || !address) return response.writeHead(404).end();
  response.end(`${address}\n`);
}).listen(0, '127.0.0.1');
await once(service, 'listening');
const bound = service.address();
const url = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
after(() => service.close());

test('the address is asked for with a token', async () => {
  assert.equal(await publicAddress(url), '203.0.113.7');
});

test('an instance without a public address is told what to do', async () => {
  address = undefined;
  await assert.rejects(publicAddress(url), /public-ipv4 answered 404: run this on an instance .* SYLK_PUBLIC_ADDRESS/);
});

test('where nobody answers it is no instance', async () => {
  await assert.rejects(publicAddress('http://127.0.0.1:9'), /api\/token does not answer: run this on an instance/);
});
