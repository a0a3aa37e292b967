import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { after, before, beforeEach, test } from 'node:test';
import { connectionId } from '@sylk/protocol/ids.ts';
import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import { ConnectionsApi } from './connections-api.ts';
import { FollowUpQueue } from './follow-up-queue.ts';
import { SecretValue } from './secret-value.ts';

/** The services, as far as these adapters ask them. */
const asked: { readonly path: string; readonly target: string; readonly body: string }[] = [];
const answers: { readonly status: number; readonly type?: string; readonly body: object }[] = [];
let endpoint = '';

const server = createServer(async (request, response) => {
  const body = await readText(request);
  asked.push({ path: request.url ?? '', target: String(request.headers['x-amz-target'] ?? ''), body });
  const { status, type, body: answer } = answers.shift() ?? { status: 200, body: {} };
  response.writeHead(status, type === undefined ? {} : { 'x-amzn-errortype': type });
  response.end(JSON.stringify(answer));
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  endpoint = `http://127.0.0.1:${address.port}`;
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
  });
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  answers.length = 0;
});

const gone = (status: number, type: string, message: string) => ({ status, type, body: { message } });

test('a frame is posted to its connection', async () => {
  const connections = new ConnectionsApi(`${endpoint}/v1`);
  assert.equal(await connections.post(connectionId('a='), '{"sylkrtc":"ack"}'), 'sent');
  assert.deepEqual(asked, [{ path: '/v1/@connections/a%3D', target: '', body: '{"sylkrtc":"ack"}' }]);
});

test('a closed connection, and what never was one, are gone', async () => {
  const connections = new ConnectionsApi(`${endpoint}/v1`);
  answers.push(gone(410, 'GoneException', 'gone'), gone(400, 'BadRequestException', 'Invalid connectionId: x'));
  assert.equal(await connections.post(connectionId('a'), 'frame'), 'gone');
  assert.equal(await connections.post(connectionId('x'), 'frame'), 'gone');
});

test('a post that was throttled is tried again, one that is refused is told', async () => {
  const connections = new ConnectionsApi(`${endpoint}/v1`);
  answers.push(gone(429, 'LimitExceededException', 'slow down'));
  assert.equal(await connections.post(connectionId('a'), 'frame'), 'sent');
  answers.push(gone(413, 'PayloadTooLargeException', 'too large'));
  await assert.rejects(connections.post(connectionId('a'), 'frame'), /AWS refuses a frame: PayloadTooLarge/);
});

test('a job is left in the queue, with its delay', async () => {
  const job = { kind: 'ready', connection: connectionId('a='), attempt: 2 } as const;
  const text = JSON.stringify(job);
  answers.push({
    status: 200,
    body: { MessageId: 'm-1', MD5OfMessageBody: createHash('md5').update(text).digest('hex') },
  });
  const QueueUrl = `${endpoint}/123456789012/follow-ups`;
  await new FollowUpQueue(QueueUrl).leave(job, 2);
  assert.equal(asked[0]?.target, 'AmazonSQS.SendMessage');
  const sent = parseJson(asked[0]?.body ?? '');
  assert.ok(isJsonObject(sent));
  assert.deepEqual(sent, { QueueUrl, MessageBody: text, DelaySeconds: 2 });
});

test('a secret is read once, again after a while, and at most every 10 s when in doubt', async () => {
  const clock = { now: () => time, sleep: async () => undefined };
  let time = 1_000_000;
  const secret = new SecretValue('link', clock);
  for (const SecretString of ['one', 'two', 'three']) answers.push({ status: 200, body: { SecretString } });
  assert.deepEqual([await secret.value(), await secret.value(), await secret.freshValue()], ['one', 'one', 'one']);
  time += 10_000;
  assert.deepEqual([await secret.value(), await secret.freshValue(), await secret.freshValue()], ['one', 'two', 'two']);
  time += 5 * 60_000;
  assert.equal(await secret.value(), 'three');
  assert.deepEqual(new Set(asked.map(({ target }) => target)), new Set(['secretsmanager.GetSecretValue']));
});

test('a secret that cannot be read is asked for again', async () => {
  const secret = new SecretValue('link', { now: () => 0, sleep: async () => undefined });
  answers.push(gone(400, 'AccessDeniedException', 'not allowed'), { status: 200, body: { SecretString: 'one' } });
  await assert.rejects(secret.value(), { name: 'AccessDeniedException' });
  assert.equal(await secret.value(), 'one');
});
