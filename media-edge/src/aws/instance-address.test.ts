import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { instanceAddress } from './instance-address.ts';

let address = '203.0.113.7';
let service = '';

const server = createServer((request, response) => {
  const key = `${request.method} ${request.url}`;
  if (key === 'PUT /latest/api/token' && request.headers['x-aws-ec2-metadata-token-ttl-seconds'] === '60') {
    return response.end('a-token');
  }
  const isAllowed = request.headers['x-aws-ec2-metadata-token'] === 'a-token';
  if (key !== 'GET /latest/meta-data/public-ipv4' || !isAllowed || address === '') {
    return response.writeHead(404).end('not found');
  }
  return response.end(address);
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('no port');
  service = `http://127.0.0.1:${at.port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

test('an instance is told its public address', async () => {
  assert.equal(await instanceAddress(service), '203.0.113.7');
});

test('an instance that has none says what to do', async () => {
  address = '';
  await assert.rejects(instanceAddress(service), /answered 404: .*SYLK_PUBLIC_ADDRESS/);
  address = 'nonsense';
  await assert.rejects(instanceAddress(service), /is 'nonsense', expected IPv4/);
});
