import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { silentLog } from '../ports/log.ts';
import { TaskProtection } from './task-protection.ts';

test('a task is protected while it has calls, for as long as they last', async () => {
  const asked: unknown[] = [];
  const statuses = [200, 500];
  const server = createServer((request, response) => {
    request.on('data', (chunk) => asked.push([request.method, request.url, JSON.parse(String(chunk))]));
    request.on('end', () => response.writeHead(statuses.shift() ?? 200).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const clock = new FakeClock();
  let calls = 0;
  const agent = `http://127.0.0.1:${address.port}/api/agent`;
  const protection = new TaskProtection({ agent, clock, log: silentLog, calls: () => calls });
  await protection.look();
  assert.equal(asked.length, 0);
  calls = 2;
  await protection.look();
  await protection.look();
  const on = { ProtectionEnabled: true, ExpiresInMinutes: 60 };
  assert.deepEqual(asked, [['PUT', '/api/agent/task-protection/v1/state', on]]);
  await clock.advance(30 * 60_000);
  // The agent fails once, and is asked again.
  await protection.look();
  await protection.look();
  await protection.look();
  assert.equal(asked.length, 3);
  calls = 0;
  await protection.look();
  await protection.look();
  assert.equal(asked.length, 4);
  assert.deepEqual(asked.at(-1), ['PUT', '/api/agent/task-protection/v1/state', { ProtectionEnabled: false }]);
  server.closeAllConnections();
  server.close();
});
