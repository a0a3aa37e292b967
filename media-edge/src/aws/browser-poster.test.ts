import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { connectionId } from '@sylk/protocol/ids.ts';
import { browserPoster } from './browser-poster.ts';

/** What the service answers next, and what it was asked. */
const answers: { readonly status: number; readonly type?: string; readonly message?: string }[] = [];
const asked: { readonly path: string; readonly body: string; readonly authorization: string }[] = [];

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += String(chunk);
  });
  request.on('end', () => {
    asked.push({ path: request.url ?? '', body, authorization: request.headers.authorization ?? '' });
    const { status, type, message } = answers.shift() ?? { status: 200 };
    response.writeHead(status, type === undefined ? {} : { 'x-amzn-errortype': type });
    response.end(JSON.stringify({ message }));
  });
});

let post: ReturnType<typeof browserPoster>;

before(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  process.env.AWS_REGION = 'eu-central-1';
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  post = browserPoster(`http://127.0.0.1:${address.port}/v1`);
});
after(() => server.close());
beforeEach(() => {
  answers.length = 0;
  asked.length = 0;
});

test('a frame is posted to its connection, signed', async () => {
  assert.equal(await post(connectionId('L0SM9cOFvHcCIhw='), '{"sylkrtc":"ack"}'), 'sent');
  assert.equal(asked[0]?.path, '/v1/@connections/L0SM9cOFvHcCIhw%3D');
  assert.equal(asked[0]?.body, '{"sylkrtc":"ack"}');
  assert.match(asked[0]?.authorization ?? '', /\/execute-api\/aws4_request/);
});

for (const [what, answer] of [
  ['closed', { status: 410, type: 'GoneException' }],
  ['no connection at all', { status: 400, type: 'BadRequestException', message: 'Invalid connectionId: x' }],
] as const) {
  test(`a connection that is ${what} is gone`, async () => {
    answers.push(answer);
    assert.equal(await post(connectionId('c-1'), 'frame'), 'gone');
    assert.equal(asked.length, 1);
  });
}

test('a throttled or failing service is asked again', async () => {
  answers.push({ status: 429, type: 'LimitExceededException' }, { status: 500 }, { status: 200 });
  assert.equal(await post(connectionId('c-1'), 'frame'), 'sent');
  assert.equal(asked.length, 3);
});

test('what is forbidden is not tried again', async () => {
  answers.push({ status: 403, type: 'ForbiddenException' });
  await assert.rejects(post(connectionId('c-1'), 'frame'));
  assert.equal(asked.length, 1);
});
