/** SIPp calls: before it is answered, and who it says that it is. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { causeOf } from '../../../media-edge/src/call/end-cause.ts';
import { byeByBob, CallingPhone } from '../../peers/calling-phone.ts';
import { ack, asks, cancel, gets, invite, mayGet, sound } from '../../peers/sipp-scenario.ts';
import { browserAnswer } from '../../scenario/sip-world.ts';

let phone: CallingPhone;
before(async () => {
  phone = await CallingPhone.open();
});
after(() => phone.close());
afterEach(() => phone.hangUp());

describe('a phone before it is answered', () => {
  it('cancels: 200 for the CANCEL, 487 for the INVITE', async () => {
    const { bob, call } = await phone.calls(
      ...[invite(), mayGet(100), gets(180), cancel(3), gets(200, ['CSeq: 1 CANCEL'])],
      ...[gets(487, ['CSeq: 1 INVITE']), ack(1, { isRefusal: true })],
    );
    await call.leg.ring();
    assert.equal((await call.tells('ended')).cause.code, 487);
    await bob.succeeds();
  });

  it('without an offer is offered ours, and answers in its ACK', async () => {
    const { bob, call } = await phone.calls(
      ...[invite({}), mayGet(100), gets(200, ['m=audio']), ack(1, { body: sound() }), ...byeByBob],
    );
    await call.leg.accept(browserAnswer());
    await call.tells('sourcesChanged');
    await call.tells('ended');
    await bob.succeeds();
  });

  it('refreshes its early dialog by an UPDATE without an offer', async () => {
    const { bob, call } = await phone.calls(
      ...[invite(), mayGet(100), gets(180), asks('UPDATE', 2), gets(200, ['CSeq: 2 UPDATE'])],
      ...[gets(200, ['CSeq: 1 INVITE']), ack(1), ...byeByBob],
    );
    await call.leg.ring();
    await new Promise((resolve) => setTimeout(resolve, 150));
    await call.leg.accept(browserAnswer());
    await call.tells('ended');
    await bob.succeeds();
  });

  it('is told that alice is busy, also in the words of the telephone network', async () => {
    const { bob, call } = await phone.calls(
      invite(),
      ...[mayGet(100), gets(486, ['Reason: SIP;cause=486;.*Q.850;cause=17']), ack(1, { isRefusal: true })],
    );
    await call.leg.end(causeOf(486, 'callee'));
    await bob.succeeds();
  });

  it('requires what we do not know: 420 that names it', async () => {
    await phone.isRefused(
      invite({ headers: ['Require: 100rel, precondition'], body: sound() }),
      ...[gets(420, ['Unsupported: precondition']), ack(1, { isRefusal: true })],
    );
  });
});

describe('who a phone says that it is', () => {
  const answered = async (sent: Parameters<typeof invite>[0]) => {
    const { bob, call, from } = await phone.calls(invite(sent), mayGet(100), gets(200), ack(1), ...byeByBob);
    await call.leg.accept(browserAnswer());
    await bob.succeeds();
    return from;
  };

  it('is believed of a trusted network that asserts it (RFC 3325)', async () => {
    const headers = ['P-Asserted-Identity: "Bob Berg" <sip:+431234@phones.example>'];
    assert.equal(await answered({ headers, body: sound() }), 'Bob Berg +431234@phones.example');
  });

  it('is kept back where it asks for that (RFC 3323)', async () => {
    const headers = ['P-Asserted-Identity: <sip:+431234@phones.example>', 'Privacy: id'];
    assert.equal(await answered({ headers, body: sound() }), 'Anonymous anonymous@anonymous.invalid');
  });

  it('is nobody where its From is anonymous', async () => {
    const from = '"Anonymous" <sip:anonymous@anonymous.invalid>';
    assert.equal(await answered({ from, body: sound() }), 'Anonymous anonymous@anonymous.invalid');
  });
});
