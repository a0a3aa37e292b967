/** SIPp has called and talks: what it asks in mid-call. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { causeOf, normalEnd } from '../../../media-edge/src/call/end-cause.ts';
import { byeByBob, byeByUs, CallingPhone } from '../../peers/calling-phone.ts';
import { ack, asks, gets, mayGet, repliesInDialog, type Step, sound } from '../../peers/sipp-scenario.ts';

let phone: CallingPhone;
before(async () => {
  phone = await CallingPhone.open();
});
after(() => phone.close());
afterEach(() => phone.hangUp());

describe('a phone in mid-call', () => {
  it('holds the old way, by the address 0.0.0.0, and resumes', async () => {
    const { bob, call } = await phone.talks(
      asks('INVITE', 2, { body: sound('sendrecv', '0.0.0.0', 2) }),
      ...[mayGet(100), gets(200), ack(2)],
      ...[asks('INVITE', 3, { body: sound('sendrecv', '[local_ip]', 3) }), mayGet(100), gets(200), ack(3), ...byeByBob],
    );
    await call.tells('ended');
    assert.deepEqual(
      call.events.flatMap((event) => (event.kind === 'held' ? [event.isHeld] : [])),
      [true, false],
    );
    await bob.succeeds();
  });

  it('holds by sendonly and gets recvonly', async () => {
    const { bob, call } = await phone.talks(
      asks('INVITE', 2, { body: sound('sendonly', '[local_ip]', 2) }),
      ...[mayGet(100), gets(200, ['a=recvonly']), ack(2), ...byeByBob],
    );
    await call.tells('held');
    await call.tells('ended');
    await bob.succeeds();
  });

  it('holds by UPDATE', async () => {
    const { bob, call } = await phone.talks(
      asks('UPDATE', 2, { body: sound('sendonly', '[local_ip]', 2) }),
      ...[gets(200, ['a=recvonly']), ...byeByBob],
    );
    await call.tells('held');
    await call.tells('ended');
    await bob.succeeds();
  });

  it('re-INVITEs without an offer, is offered what is in use, and answers in its ACK', async () => {
    const { bob, call } = await phone.talks(
      ...[
        asks('INVITE', 2),
        mayGet(100),
        gets(200, ['m=audio [0-9]+ RTP/AVP 0']),
        ack(2, { body: sound() }),
        ...byeByBob,
      ],
    );
    await call.tells('ended');
    await bob.succeeds();
  });

  it('asks for our capabilities', async () => {
    const { bob, call } = await phone.talks(...[asks('OPTIONS', 2), gets(200, ['Allow: INVITE']), ...byeByBob]);
    await call.tells('ended');
    await bob.succeeds();
  });

  it('sends a digit by INFO', async () => {
    const { bob, call } = await phone.talks(
      asks('INFO', 2, { type: 'application/dtmf-relay', body: 'Signal=7\nDuration=200' }),
      ...[gets(200), ...byeByBob],
    );
    assert.deepEqual(await call.tells('dtmf'), { kind: 'dtmf', digit: '7', durationMs: 200 });
    await bob.succeeds();
  });

  it('sends an INFO that nobody knows: 415', async () => {
    const { bob } = await phone.talks(
      asks('INFO', 2, { type: 'application/x-nothing', body: 'x' }),
      ...[gets(415, ['Accept: application/sdp']), ...byeByBob],
    );
    await bob.succeeds();
  });

  it('hangs up for a reason of the telephone network, which is told in words', async () => {
    const { bob, call } = await phone.talks(asks('BYE', 2, { headers: ['Reason: Q.850;cause=41'] }), gets(200));
    assert.equal((await call.tells('ended')).cause.detail, 'temporary failure');
    await bob.succeeds();
  });

  it('meets our re-INVITE with 491, and gets it again later', async () => {
    const { bob, call } = await phone.talks(
      ...[gets('INVITE'), repliesInDialog('491 Request Pending'), gets('ACK')],
      ...[
        gets('INVITE', ['a=sendonly']),
        repliesInDialog('200 OK', { body: sound('recvonly') }),
        gets('ACK'),
        ...byeByBob,
      ],
    );
    await call.leg.hold(true);
    await call.tells('ended', 8_000);
    await bob.succeeds();
  });
});

describe('a phone that asks for a transfer (RFC 3515)', () => {
  const refer = (cseq: number, to: string, headers: readonly string[] = []) =>
    asks('REFER', cseq, { headers: [`Refer-To: ${to}`, ...headers] });
  const notify = (line: string, state: string): Step[] => [
    gets('NOTIFY', [`Event: refer`, `Subscription-State: ${state}`, line]),
    repliesInDialog('200 OK'),
  ];

  it('hears how it goes until it has gone well, and is hung up', async () => {
    const { bob, call } = await phone.talks(
      ...[refer(2, '<sip:carol@phones.example>'), gets(202), ...notify('SIP/2.0 100 Trying', 'active')],
      ...[...notify('SIP/2.0 180 Ringing', 'active'), ...notify('SIP/2.0 200 OK', 'terminated'), ...byeByUs],
    );
    const { to } = await call.tells('transferAsked');
    assert.deepEqual(to, { kind: 'address', uri: 'carol@phones.example', headers: [], mayLeave: true });
    await call.leg.transferring?.({ state: 'ringing' });
    await call.leg.transferring?.({ state: 'accepted' });
    await call.leg.end(normalEnd('gateway'));
    await bob.succeeds();
  });

  it('hears why it failed, and goes on talking', async () => {
    const { bob, call } = await phone.talks(
      ...[refer(2, '<sip:carol@phones.example>'), gets(202), ...notify('100 Trying', 'active')],
      ...[...notify('SIP/2.0 486 Busy Here', 'terminated'), ...byeByBob],
    );
    await call.tells('transferAsked');
    await call.leg.transferring?.({ state: 'failed', cause: causeOf(486, 'callee') });
    await call.tells('ended');
    await bob.succeeds();
  });

  it('without reports gets none (RFC 4488)', async () => {
    const { bob, call } = await phone.talks(
      refer(2, '<sip:carol@phones.example>', ['Refer-Sub: false', 'Supported: norefersub']),
      ...[gets(202, ['Refer-Sub: false']), ...byeByUs],
    );
    await call.tells('transferAsked');
    await call.leg.transferring?.({ state: 'accepted' });
    await call.leg.end(normalEnd('gateway'));
    await bob.succeeds();
  });

  it('names the call that is to be replaced, and itself: both go into the new INVITE (RFC 3891, 3892)', async () => {
    const { bob, call } = await phone.talks(
      refer(2, '<sip:carol@phones.example?Replaces=7%40x%3Bto-tag%3D1%3Bfrom-tag%3D2>', [
        'Referred-By: <sip:bob@phones.example>',
      ]),
      ...[gets(202), ...notify('100 Trying', 'active'), ...byeByBob],
    );
    const { to } = await call.tells('transferAsked');
    assert.deepEqual(to.kind === 'address' && to.headers, [
      { name: 'Replaces', value: '7@x;to-tag=1;from-tag=2' },
      { name: 'Referred-By', value: '<sip:bob@phones.example>' },
    ]);
    await bob.succeeds();
  });

  it('twice at once is refused the second time: 491', async () => {
    const { bob } = await phone.talks(
      ...[refer(2, '<sip:carol@phones.example>'), gets(202), ...notify('100 Trying', 'active')],
      ...[refer(3, '<sip:dave@phones.example>'), gets(491), ...byeByBob],
    );
    await bob.succeeds();
  });

  it('to what is no SIP address is refused: 400', async () => {
    const { bob } = await phone.talks(...[refer(2, '<http://phones.example/>'), gets(400), ...byeByBob]);
    await bob.succeeds();
  });

  it('to send somebody a message instead of a call is refused: 400', async () => {
    const { bob } = await phone.talks(...[refer(2, '<sip:carol@phones.example;method=BYE>'), gets(400), ...byeByBob]);
    await bob.succeeds();
  });
});
