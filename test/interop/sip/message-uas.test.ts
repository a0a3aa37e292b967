import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { PagerEdge } from '../../peers/pager-edge.ts';
import { gets, page, SippFlow, type Step } from '../../peers/sipp-scenario.ts';

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

const cpim = (headers: readonly string[], ...part: readonly string[]) =>
  [
    'From: Bob Builder <sip:bob@phones.example>',
    'To: <sip:alice@gateway.test>',
    'DateTime: 2026-01-02T10:00:00Z',
    'NS: imdn <urn:ietf:params:imdn>',
    ...headers,
    '',
    ...part,
  ].join('\n');

const imdn = (kind: string, status: string, id = 'm-1') =>
  `<?xml version="1.0"?><imdn xmlns="urn:ietf:params:xml:ns:imdn"><message-id>${id}</message-id><datetime>2026-01-02T10:00:00Z</datetime><recipient-uri>sip:bob@phones.example</recipient-uri><${kind}-notification><status><${status}/></status></${kind}-notification></imdn>`;

describe('SIPp writes to an address of ours', () => {
  it('message UAS: a copy for a phone that comes back to us is a loop, 482', async () => {
    await writes(page({ body: 'Hello', headers: ['X-Sylk-To-Sip: yes'] }), gets(482));
    assert.equal(edge.pages.length, 0);
  });

  it('message UAS: text is answered 200 once it is stored', async () => {
    await writes(page({ body: 'Hello Alice' }), gets(200));
    const message = await edge.message();
    assert.equal(message.content.trim(), 'Hello Alice');
    assert.equal(message.contentType, 'text/plain');
    assert.deepEqual(message.from, { uri: 'bob@phones.example', displayName: 'Bob' });
    assert.equal(message.to, 'alice@gateway.test');
    assert.equal(message.wantsDelivery, false);
  });

  const refusals = [
    [202, 'Accepted', 'nobody is there and it is kept'],
    [404, 'Not Found', 'there is no such address'],
    [410, 'Gone', 'the address has expired'],
    [403, 'Forbidden', 'it is not wanted'],
  ] as const;
  for (const [code, phrase, when] of refusals) {
    it(`message UAS: is answered ${code} when ${when}`, async () => {
      edge.reply = { code, phrase };
      await writes(page({ body: 'Hello' }), gets(code, [phrase]));
    });
  }

  it('message UAS: a stranger who writes too much is told when to write again', async () => {
    edge.reply = { code: 480, phrase: 'Too many messages', retryAfterS: 60 };
    await writes(page({ body: 'Hello' }), gets(480, ['Retry-After: 60']));
  });

  it('message UAS: two messages of one Call-ID are two', async () => {
    await writes(page({ body: 'one' }), gets(200), page({ body: 'one', cseq: 2 }), gets(200));
    const [first, second] = [await edge.message(), await edge.message()];
    assert.notEqual(first.id, second.id);
  });

  it('message UAS: CPIM has its own id, wishes, time and name', async () => {
    const headers = ['imdn.Message-ID: abc-1', 'imdn.Disposition-Notification: positive-delivery, display'];
    const body = cpim(headers, 'Content-Type: text/plain; charset=utf-8', '', 'in an envelope');
    await writes(page({ type: 'message/cpim', body, from: '<sip:bob@phones.example>' }), gets(200));
    const message = await edge.message();
    assert.equal(message.id, 'abc-1');
    assert.equal(message.content.trim(), 'in an envelope');
    assert.equal(message.at, Date.UTC(2026, 0, 2, 10));
    assert.ok(message.wantsDelivery && message.wantsDisplay);
    assert.equal(message.from.displayName, 'Bob Builder');
  });

  it('message UAS: an envelope does not make its sender somebody else', async () => {
    const body = cpim([], 'Content-Type: text/plain', '', 'x').replace('bob@phones.example', 'carol@gateway.test');
    await writes(page({ type: 'message/cpim', body, from: '<sip:bob@phones.example>' }), gets(200));
    assert.deepEqual((await edge.message()).from, { uri: 'bob@phones.example', displayName: '' });
  });

  it('message UAS: CPIM of a wrong length is refused with 400', async () => {
    const body = cpim([], 'Content-Type: text/plain', 'Content-Length: 9999', '', 'x');
    await writes(page({ type: 'message/cpim', body }), gets(400, ['Content-Length within CPIM']));
    assert.equal(edge.pages.length, 0);
  });

  it('message UAS: CPIM without the part inside is refused with 400', async () => {
    await writes(page({ type: 'message/cpim', body: 'From: <sip:bob@phones.example>' }), gets(400, ['No empty line']));
  });

  it('message UAS: an IMDN in CPIM says what became of a message', async () => {
    const body = cpim(['imdn.Message-ID: n-1'], 'Content-Type: message/imdn+xml', '', imdn('delivery', 'delivered'));
    await writes(page({ type: 'message/cpim', body }), gets(200));
    const { body: read } = await edge.page();
    assert.deepEqual(read, { kind: 'disposition', message: 'm-1', state: 'delivered' });
  });

  it('message UAS: an IMDN may come without an envelope', async () => {
    await writes(page({ type: 'message/imdn+xml', body: imdn('display', 'displayed', 'm-2') }), gets(200));
    assert.deepEqual((await edge.page()).body, { kind: 'disposition', message: 'm-2', state: 'displayed' });
  });

  it('message UAS: an IMDN that is an entity bomb is refused with 400', async () => {
    const bomb = '<!DOCTYPE imdn SYSTEM "file:///etc/passwd"><imdn><message-id>&b;</message-id></imdn>';
    await writes(page({ type: 'message/imdn+xml', body: bomb }), gets(400, ['Malformed XML']));
    assert.equal(edge.pages.length, 0);
  });

  it('message UAS: typing is told, with how long it lasts', async () => {
    const body =
      '<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>active</state><refresh>90</refresh></isComposing>';
    await writes(page({ type: 'application/im-iscomposing+xml', body }), gets(200));
    assert.deepEqual((await edge.page()).body, { kind: 'composing', state: 'active', refreshSec: 90 });
  });

  it('message UAS: of alternatives the best is read', async () => {
    const body = [
      '--b',
      'Content-Type: text/plain',
      '',
      'plain',
      '--b',
      'Content-Type: text/html',
      '',
      '<b>x</b>',
      '--b--',
      '',
    ];
    await writes(page({ type: 'multipart/alternative; boundary=b', body: body.join('\n') }), gets(200));
    const { contentType, content } = await edge.message();
    assert.deepEqual({ contentType, content }, { contentType: 'text/html', content: '<b>x</b>' });
  });

  it('message UAS: a type that no messenger shows is refused with 415, and with what is read', async () => {
    await writes(page({ type: 'application/x-tar', body: 'x' }), gets(415, ['Accept: .*text/plain']));
  });

  it('message UAS: a compression that is not known is refused with 415', async () => {
    await writes(page({ body: 'x', headers: ['Content-Encoding: br'] }), gets(415, ['Accept-Encoding: identity']));
  });

  it('message UAS: an empty body is refused with 400', async () => {
    await writes(page({ type: 'text/plain' }), gets(400, ['empty']));
  });

  it('message UAS: a message of over 16 KiB is refused with 413', async () => {
    await writes(page({ body: 'x'.repeat(20_000) }), gets(413, ['over 16384 bytes']));
  });

  it('message UAS: is refused with 404 when it is for another domain', async () => {
    const elsewhere = page({ body: 'relay me' }).replace(
      'sip:[service]@gateway.test SIP',
      'sip:x@elsewhere.example SIP',
    );
    await writes(elsewhere, gets(404));
    assert.equal(edge.pages.length, 0);
  });

  it('message UAS: who writes in the name of our domain has to prove it', async () => {
    const from = '<sip:carol@gateway.test>';
    const proved = page({ body: 'mine', from, cseq: 2, headers: ['[authentication username=carol password=secret]'] });
    await writes(page({ body: 'mine', from }), gets(407, [], 'auth="true"'), proved, gets(200));
    const message = await edge.message();
    assert.equal(message.from.uri, 'carol@gateway.test');
    assert.equal(message.caller?.aor, 'carol@gateway.test');
    assert.equal(message.caller?.claim.username, 'carol');
  });

  it('message UAS: no other name of ours lets anybody write as one of us', async () => {
    const from = `<sip:carol@127.0.0.1:${edge.port}>`;
    await writes(page({ body: 'mine', from }), gets(407));
    assert.equal(edge.pages.length, 0);
  });
});
