/** SIPp calls, and wants its ringing acknowledged, or signs of life (RFC 3262, RFC 4028). */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { normalEnd } from '../../../media-edge/src/call/end-cause.ts';
import { byeByBob, CallingPhone } from '../../peers/calling-phone.ts';
import {
  ack,
  asks,
  gets,
  invite,
  mayGet,
  repliesInDialog,
  type Step,
  sound,
  waits,
} from '../../peers/sipp-scenario.ts';
import { browserAnswer } from '../../scenario/sip-world.ts';

let phone: CallingPhone;
before(async () => {
  phone = await CallingPhone.open();
});
after(() => phone.close());
afterEach(() => phone.hangUp());

const rel = { headers: ['Require: 100rel'], body: sound() };
const timed = (expires: string, more: readonly string[] = ['Supported: timer']) => ({
  headers: [`Session-Expires: ${expires}`, ...more],
  body: sound(),
});

/** Bob keeps the RSeq of what came and acknowledges it. */
const prack = (cseq: number): Step => asks('PRACK', cseq, { headers: ['RAck: [$rseq] 1 INVITE'] });
const getsReliable = (code: number): Step =>
  `<recv response="${code}" rrs="true" timeout="5000"><action><ereg regexp="RSeq: *([0-9]+)" search_in="msg" check_it="true" assign_to="all,rseq"/></action></recv><nop><action><log message="[$all]"/></action></nop>`;

describe('a phone that wants its ringing acknowledged (RFC 3262)', () => {
  it('gets 180 reliably, acknowledges it, and is answered', async () => {
    const { bob, call } = await phone.calls(
      ...[invite(rel), mayGet(100), getsReliable(180), prack(2), gets(200, ['CSeq: 2 PRACK'])],
      ...[gets(200, ['CSeq: 1 INVITE']), ack(1), ...byeByBob],
    );
    await call.leg.ring();
    await call.leg.accept(browserAnswer());
    assert.deepEqual((await call.tells('ended')).cause, normalEnd('caller'));
    await bob.succeeds();
  });

  it('gets early media reliably where it only supports that', async () => {
    const { bob, call } = await phone.calls(
      invite({ headers: ['Supported: 100rel'], body: sound() }),
      ...[mayGet(100), getsReliable(183), prack(2), gets(200, ['PRACK'])],
      ...[gets(200, ['INVITE']), ack(1), ...byeByBob],
    );
    await call.leg.ring(browserAnswer());
    await call.leg.accept(browserAnswer());
    await call.tells('ended');
    await bob.succeeds();
  });

  it('hears the 183 again until it acknowledges it', async () => {
    const { bob, call } = await phone.calls(
      invite({ headers: ['Supported: 100rel'], body: sound() }),
      ...[mayGet(100), getsReliable(183), waits(900), prack(2), gets(200, ['PRACK'])],
      ...[gets(200, ['INVITE']), ack(1), ...byeByBob],
    );
    await call.leg.ring(browserAnswer());
    await call.leg.accept(browserAnswer());
    await call.tells('ended');
    const sent = call.trace.filter(({ label }) => label.startsWith('183'));
    assert.ok(sent.length > 2, `${sent.length} times`);
    assert.equal(new Set(sent.map(({ detail }) => /RSeq: *(\d+)/.exec(detail ?? '')?.[1])).size, 1);
    await bob.succeeds();
  });

  it('that acknowledges another one gets 481 for it', async () => {
    const { bob, call } = await phone.calls(
      invite(rel),
      ...[mayGet(100), getsReliable(180)],
      ...[asks('PRACK', 2, { headers: ['RAck: 1 1 INVITE'] }), gets(481), prack(3), gets(200, ['PRACK'])],
      ...[gets(200, ['INVITE']), ack(1), ...byeByBob],
    );
    await call.leg.ring();
    await call.leg.accept(browserAnswer());
    await call.tells('ended');
    await bob.succeeds();
  });
});

describe('a phone with a session timer (RFC 4028)', () => {
  it('that refreshes itself is told so, and its UPDATE begins a new interval', async () => {
    const { bob, call } = await phone.calls(
      ...[invite(timed('2;refresher=uac')), mayGet(100)],
      gets(200, ['Session-Expires: 2;refresher=uac', 'Require: timer']),
      ...[ack(1), waits(900), asks('UPDATE', 2, { headers: ['Session-Expires: 2;refresher=uac', 'Supported: timer'] })],
      ...[gets(200, ['Session-Expires: 2;refresher=uac']), waits(900), ...byeByBob],
    );
    await call.leg.accept(browserAnswer());
    assert.deepEqual((await call.tells('ended', 8_000)).cause, normalEnd('caller'));
    await bob.succeeds();
  });

  it('that refreshes by re-INVITE keeps its call', async () => {
    const { bob, call } = await phone.calls(
      ...[invite(timed('2;refresher=uac')), mayGet(100), gets(200), ack(1), waits(900)],
      ...[asks('INVITE', 2, timed('2;refresher=uac')), mayGet(100), gets(200, ['Session-Expires: 2']), ack(2)],
      ...[waits(900), ...byeByBob],
    );
    await call.leg.accept(browserAnswer());
    assert.deepEqual((await call.tells('ended', 8_000)).cause, normalEnd('caller'));
    await bob.succeeds();
  });

  it('that does not refresh as it has said is hung up', async () => {
    const { bob, call } = await phone.calls(
      ...[invite(timed('2;refresher=uac')), mayGet(100), gets(200), ack(1)],
      ...[gets('BYE', ['Reason: SIP;cause=408']), repliesInDialog('200 OK')],
    );
    await call.leg.accept(browserAnswer());
    assert.equal((await call.tells('ended', 8_000)).cause.code, 408);
    await bob.succeeds();
  });

  it('that leaves it to us is sent UPDATEs', async () => {
    const { bob, call } = await phone.calls(
      invite(timed('2', ['Supported: timer', 'Allow: INVITE, ACK, BYE, CANCEL, UPDATE'])),
      ...[mayGet(100), gets(200, ['Session-Expires: 2;refresher=uas']), ack(1)],
      gets('UPDATE', ['Session-Expires: 2;refresher=uac']),
      repliesInDialog('200 OK', { headers: ['Session-Expires: 2;refresher=uac'] }),
      ...[gets('UPDATE'), repliesInDialog('200 OK', { headers: ['Session-Expires: 2;refresher=uac'] }), ...byeByBob],
    );
    await call.leg.accept(browserAnswer());
    await call.tells('ended', 8_000);
    await bob.succeeds();
  });

  it('without UPDATE is sent re-INVITEs', async () => {
    const { bob, call } = await phone.calls(
      invite(timed('2', ['Supported: timer', 'Allow: INVITE, ACK, BYE, CANCEL'])),
      ...[mayGet(100), gets(200), ack(1), gets('INVITE', ['Session-Expires: 2'])],
      ...[repliesInDialog('200 OK', { headers: ['Session-Expires: 2;refresher=uac'], body: sound() }), gets('ACK')],
      ...byeByBob,
    );
    await call.leg.accept(browserAnswer());
    await call.tells('ended', 8_000);
    await bob.succeeds();
  });

  it('that is too short gets 422 with the least that we take', async () => {
    await phone.isRefused(invite(timed('0')), ...[mayGet(100), gets(422, ['Min-SE: 1']), ack(1, { isRefusal: true })]);
  });

  it('that has forgotten the call says 481 to our refresh, which ends it', async () => {
    const { bob, call } = await phone.calls(
      invite(timed('2', ['Supported: timer', 'Allow: INVITE, ACK, BYE, CANCEL, UPDATE'])),
      ...[mayGet(100), gets(200), ack(1), gets('UPDATE'), repliesInDialog('481 Call/Transaction Does Not Exist')],
    );
    await call.leg.accept(browserAnswer());
    assert.equal((await call.tells('ended', 8_000)).cause.code, 481);
    await bob.succeeds();
  });
});
