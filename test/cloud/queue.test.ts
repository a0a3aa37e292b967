import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import type { QueueDefinition } from './deployment.ts';
import { Faults } from './faults.ts';
import { at, listAt, textAt } from './json-path.ts';
import { Queue } from './queue.ts';

const definition: QueueDefinition = {
  url: 'https://queue.test/jobs',
  arn: 'arn:aws:sqs:eu-central-1:111122223333:jobs',
  visibilityMs: 1_000,
  maxReceives: 3,
  deadLetterArn: 'arn:aws:sqs:eu-central-1:111122223333:dead',
  worker: { functionArn: 'worker', batchSize: 2, reportsFailures: true },
};

describe('a queue', () => {
  let worked: string[];
  let failing: (body: string) => boolean;
  let queue: Queue;

  const invoke = async (_: string, event: unknown) => {
    const records = listAt(event, 'Records');
    worked.push(...records.map((record) => textAt(record, 'body')));
    const failed = records.filter((record) => failing(textAt(record, 'body')));
    return { batchItemFailures: failed.map((record) => ({ itemIdentifier: textAt(record, 'messageId') })) };
  };

  const send = (MessageBody: string, DelaySeconds = 0) =>
    queue.answer('SendMessage', { QueueUrl: definition.url, MessageBody, DelaySeconds });

  const settled = async () => {
    while (queue.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  beforeEach(() => {
    worked = [];
    failing = () => false;
    queue?.close();
    queue = new Queue({ definition, faults: new Faults([]), secondsScale: 0.02, invoke, onLog: () => undefined });
  });
  after(() => queue.close());

  it('a job is worked on once, and later when it is delayed', async () => {
    send('late', 2);
    send('early');
    await settled();
    assert.deepEqual(worked, ['early', 'late']);
  });

  it('of a batch only the job that failed comes again', async () => {
    let tries = 0;
    failing = (body) => body === 'bad' && ++tries < 2;
    const entries = ['good', 'bad'].map((MessageBody) => ({ Id: MessageBody, MessageBody }));
    queue.answer('SendMessageBatch', { QueueUrl: definition.url, Entries: entries });
    await settled();
    assert.deepEqual(worked.sort(), ['bad', 'bad', 'good']);
  });

  it('a job that fails too often is a dead letter', async () => {
    failing = () => true;
    send('poison');
    await settled();
    assert.deepEqual(worked, ['poison', 'poison', 'poison']);
    assert.deepEqual(
      queue.deadLetters.map(({ body }) => body),
      ['poison'],
    );
  });

  it('what is sent is answered with the sum that the SDK checks', () => {
    assert.equal(at(JSON.parse(send('x').body), 'MD5OfMessageBody'), '9dd4e461268c8034f5c8564e155c67a6');
  });
});
