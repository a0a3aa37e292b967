/** SIPp has called, and writes in mid-call, or is written to (RFC 3428). */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { CallText } from '../../../media-edge/src/ports/call-text.ts';
import { byeByBob, byeByUs, CallingPhone } from '../../peers/calling-phone.ts';
import { ack, asks, cancel, gets, invite, mayGet, repliesInDialog, type Step } from '../../peers/sipp-scenario.ts';

let phone: CallingPhone;
before(async () => {
  phone = await CallingPhone.open();
});
after(() => phone.close());
afterEach(() => phone.hangUp());

const writes = (cseq: number, body: string, type = 'text/plain'): Step => asks('MESSAGE', cseq, { body, type });

const imdn = `<?xml version="1.0" encoding="UTF-8"?>
<imdn xmlns="urn:ietf:params:xml:ns:imdn"><message-id>m1</message-id><datetime>2026-01-31T12:00:00Z</datetime>
<display-notification><status><displayed/></status></display-notification></imdn>`;

const composing = `<?xml version="1.0" encoding="UTF-8"?>
<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>active</state></isComposing>`;

const text = (content: string, id = 'm1'): CallText => ({
  ...{ kind: 'message', from: { uri: 'alice@gateway.test' }, at: Date.UTC(2026, 0, 31) },
  ...{ id, content, contentType: 'text/plain', wantsDelivery: false, wantsDisplay: false },
});

describe('a phone that is written to in mid-call', () => {
  it('gets CPIM with the Message-ID and nothing else asked for, one message after the other', async () => {
    const { bob, call } = await phone.talks(
      ...[gets('MESSAGE', ['Content-Type: message/cpim', 'imdn.Message-ID: m1', 'first']), repliesInDialog('200 OK')],
      ...[gets('MESSAGE', ['imdn.Message-ID: m2', 'second']), repliesInDialog('486 Busy Here'), ...byeByUs],
    );
    const outcomes = await Promise.all([call.leg.write?.(text('first')), call.leg.write?.(text('second', 'm2'))]);
    assert.deepEqual(outcomes, [
      { code: 200, reason: 'OK' },
      { code: 486, reason: 'Busy Here' },
    ]);
    await call.leg.end({ code: 200, phrase: 'OK', by: 'gateway' });
    await bob.succeeds();
  });

  it('that reads no CPIM gets it as plain text', async () => {
    const { bob, call } = await phone.talks(
      ...[gets('MESSAGE', ['message/cpim']), repliesInDialog('415 Unsupported Media Type')],
      ...[gets('MESSAGE', ['Content-Type: text/plain', 'Hello']), repliesInDialog('200 OK'), ...byeByUs],
    );
    assert.deepEqual(await call.leg.write?.(text('Hello')), { code: 200, reason: 'OK' });
    await call.leg.end({ code: 200, phrase: 'OK', by: 'gateway' });
    await bob.succeeds();
    assert.equal((await call.leg.write?.(text('too late')))?.code, 481);
  });
});

describe('a phone that writes in mid-call', () => {
  it('is answered what became of it', async () => {
    const { bob, call } = await phone.talks(writes(2, 'Hello'), gets(200), ...byeByBob);
    const { text: written, settle } = await call.tells('written');
    assert.equal(written.kind === 'message' && written.content.trimEnd(), 'Hello');
    assert.equal(written.from.uri, 'bob@phones.example');
    settle({ code: 200, reason: 'OK' });
    await bob.succeeds();
  });

  it('hears in words that nobody takes it', async () => {
    const { bob, call } = await phone.talks(writes(2, 'Hello'), gets(405, ['takes no messages']), ...byeByBob);
    (await call.tells('written')).settle({ code: 405, reason: 'The other side takes no messages' });
    await bob.succeeds();
  });

  it('without end is told so: 503, and the call goes on', async () => {
    const many = Array.from({ length: 20 }, (_, index) => [writes(index + 2, `${index}`), gets(200)]).flat();
    const { bob, call } = await phone.talks(
      ...[...many, writes(22, 'one too many'), gets(503, ['Too many messages'])],
      ...[asks('BYE', 23), gets(200)],
    );
    call.leg.listen((event) => event.kind === 'written' && event.settle({ code: 200, reason: 'OK' }));
    await bob.succeeds();
  });

  it('reports that it has shown a message (RFC 5438)', async () => {
    const { bob, call } = await phone.talks(writes(2, imdn, 'message/imdn+xml'), gets(200), ...byeByBob);
    const { text: written, settle } = await call.tells('written');
    assert.deepEqual([written.kind, 'state' in written && written.state], ['disposition', 'displayed']);
    settle({ code: 200, reason: 'OK' });
    await bob.succeeds();
  });

  it('tells that it is writing, which goes no further', async () => {
    const { bob, call } = await phone.talks(
      ...[writes(2, composing, 'application/im-iscomposing+xml'), gets(200), ...byeByBob],
    );
    await call.tells('ended');
    assert.equal(
      call.events.some(({ kind }) => kind === 'written'),
      false,
    );
    await bob.succeeds();
  });

  it('is refused what cannot be read: 415 with what can be, 400, and 413', async () => {
    const strange = asks('MESSAGE', 2, { body: 'x', type: 'text/plain', headers: ['Content-Encoding: br'] });
    const { bob, call } = await phone.talks(
      ...[strange, gets(415, ['Accept: ']), writes(3, ''), gets(400)],
      ...[writes(4, 'x'.repeat(17_000)), gets(413), ...byeByBob],
    );
    await bob.succeeds();
    assert.equal(
      call.events.some(({ kind }) => kind === 'written'),
      false,
    );
    await bob.succeeds();
  });

  it('that has not been answered yet hears so: 480', async () => {
    const early = asks('MESSAGE', 2, { body: 'Anybody?', type: 'text/plain' });
    const { bob, call } = await phone.calls(
      ...[invite(), mayGet(100), gets(180), early, gets(480, ['not answered yet'])],
      ...[cancel(5), gets(200, ['CSeq: 1 CANCEL']), gets(487), ack(1, { isRefusal: true })],
    );
    await call.leg.ring();
    await bob.succeeds();
  });
});
