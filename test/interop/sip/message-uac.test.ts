import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { aor } from '@sylk/protocol/ids.ts';
import { FakeSipPeer } from '../../fakes/fake-sip-peer.ts';
import type { SipText } from '../../fakes/sip-text.ts';
import { PagerEdge } from '../../peers/pager-edge.ts';
import { answers, gets, page, SippFlow, type Step } from '../../peers/sipp-scenario.ts';

const alice = aor('alice@gateway.test');
let edge: PagerEdge;

before(async () => {
  edge = await PagerEdge.open();
});

beforeEach(() => {
  edge.pages.length = 0;
  edge.reply = { code: 200, phrase: 'OK' };
});

after(() => edge.close());

/** A SIPp that writes to alice, and gets what it wants. */
const writes = async (...steps: readonly Step[]): Promise<void> => {
  const sipp = await SippFlow.start(steps, edge.address);
  await sipp.succeeds();
  await sipp.stop();
};

/** A SIPp that waits for what we write. */
const reads = async <T>(steps: readonly Step[], work: (to: string) => Promise<T>): Promise<T> => {
  const sipp = await SippFlow.start(steps);
  try {
    const done = await work(sipp.uri);
    await sipp.succeeds();
    return done;
  } finally {
    await sipp.stop();
  }
};

const answerTo = (request: SipText, status = '200 OK'): string =>
  [
    `SIP/2.0 ${status}`,
    ...['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${request.header(name)}`),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

describe('we write to SIPp', () => {
  it('message UAC: in CPIM, with id and wishes, and 200 is what became of it', async () => {
    const has = [
      'Content-Type: message/cpim',
      'From: &quot;Alice&quot; <sip:alice@gateway.test>'.replaceAll('&quot;', '"'),
      'imdn.Message-ID: id-7',
      'imdn.Disposition-Notification: positive-delivery, display',
      'Content-Type: text/plain; charset="utf-8"',
      'Hello Bob',
    ];
    const outcome = await reads([gets('MESSAGE', has), answers('200 OK')], (to) =>
      edge.send(to, 'Hello Bob', { id: 'id-7' }),
    );
    assert.deepEqual(outcome, { code: 200, reason: 'OK' });
  });

  it('message UAC: 202 is told as it is', async () => {
    const outcome = await reads([gets('MESSAGE'), answers('202 Accepted')], (to) => edge.send(to, 'Hello'));
    assert.deepEqual(outcome, { code: 202, reason: 'Accepted' });
  });

  for (const [code, reason] of [
    [404, 'Not Found'],
    [480, 'Temporarily Unavailable'],
    [603, 'Decline'],
  ] as const) {
    it(`message UAC: ${code} is told with its words`, async () => {
      const outcome = await reads([gets('MESSAGE'), answers(`${code} ${reason}`)], (to) => edge.send(to, 'Hello'));
      assert.deepEqual(outcome, { code, reason });
    });
  }

  it('message UAC: who takes no CPIM gets plain text, and from then on at once', async () => {
    const peer = await FakeSipPeer.listen({});
    const answersNext = async (status: string): Promise<SipText> => {
      const request = await peer.receives('MESSAGE');
      peer.answer(request, answerTo(request, status));
      return request;
    };
    const first = edge.send(peer.uri, 'Hello', { id: 'id-of-it' });
    assert.equal((await answersNext('415 Unsupported Media Type')).header('Content-Type'), 'message/cpim');
    const plain = await answersNext('200 OK');
    assert.equal(plain.header('Content-Type'), 'text/plain; charset=utf-8');
    assert.equal(plain.header('Call-ID'), 'id-of-it');
    assert.equal((await first).code, 200);
    const second = edge.send(peer.uri, 'again');
    assert.equal((await answersNext('200 OK')).header('Content-Type'), 'text/plain; charset=utf-8');
    assert.equal((await second).code, 200);
    await peer.close();
  });

  it('message UAC: whoever has written plain text gets plain text', async () => {
    await writes(page({ body: 'plain', from: '<sip:plain@127.0.0.1:9>' }), gets(200));
    await reads([gets('MESSAGE', ['Content-Type: text/plain']), answers('200 OK')], (to) =>
      edge.send(`plain@${to.split('@')[1]}`, 'Hello'),
    );
  });

  it('message UAC: results are of the message that they answer, in whichever order they come', async () => {
    const slow = reads([gets('MESSAGE', ['first']), '<pause milliseconds="300"/>', answers('603 Decline')], (to) =>
      edge.send(to, 'first'),
    );
    const quick = reads([gets('MESSAGE', ['second']), answers('200 OK')], (to) => edge.send(to, 'second'));
    assert.deepEqual([(await slow).code, (await quick).code], [603, 200]);
  });

  it('message UAC: silence is 408', async () => {
    const outcome = await reads([gets('MESSAGE')], (to) => edge.send(to, 'Hello'));
    assert.deepEqual(outcome, { code: 408, reason: 'No answer from the other side' });
  });

  it('message UAC: a long text goes by TCP, though nothing in the address says so', async () => {
    const peer = await FakeSipPeer.listen({ protocol: 'tcp' });
    const text = 'a long story '.repeat(400).trim();
    const outcome = edge.send(`bob@127.0.0.1:${peer.port}`, text);
    const request = await peer.receives('MESSAGE');
    assert.match(request.header('Via'), /^SIP\/2\.0\/TCP/);
    assert.ok(request.text.endsWith(text));
    peer.answer(request, answerTo(request));
    assert.equal((await outcome).code, 200);
    await peer.close();
  });

  it('message UAC: what became of a message goes out as IMDN in CPIM', async () => {
    const has = ['message/cpim', 'Content-Type: message/imdn.xml', '<message-id>of-bob</message-id>', '<displayed/>'];
    const outcome = await reads([gets('MESSAGE', has), answers('200 OK')], (to) =>
      edge.endpoint.messages.send({
        kind: 'disposition',
        from: { aor: alice },
        to,
        message: 'of-bob',
        at: Date.UTC(2026, 0, 2),
        state: 'displayed',
      }),
    );
    assert.equal(outcome.code, 200);
  });

  it('message UAC: typing is told, but not again to whom it means nothing', async () => {
    const typing = (to: string) =>
      edge.endpoint.messages.send({ kind: 'composing', from: { aor: alice }, to, state: 'active', refreshSec: 60 });
    const steps = [
      gets('MESSAGE', ['im-iscomposing.xml', '<state>active</state>']),
      answers('415 Unsupported Media Type'),
    ];
    const outcomes = await reads(steps, async (to) => [await typing(to), await typing(to)]);
    assert.deepEqual(
      outcomes.map(({ code }) => code),
      [415, 415],
    );
  });

  it('message UAC: nothing of a message gets into the headers', async () => {
    const outcome = await edge.send('bob@127.0.0.1:9', 'x', { contentType: 'text/plain\r\nX-Evil: 1' });
    assert.equal(outcome.code, 415);
  });
});
