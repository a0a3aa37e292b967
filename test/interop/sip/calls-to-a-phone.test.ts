/** The gateway calls SIPp, which answers as phones and servers do: what goes out on the wire, and what comes of it. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { causeOf, normalEnd } from '../../../media-edge/src/call/end-cause.ts';
import { gets, replies, repliesInDialog, SippFlow, type Step, sound, waits } from '../../peers/sipp-scenario.ts';
import { SipWorld, type WatchedLeg } from '../../scenario/sip-world.ts';

let world: SipWorld;
const running: SippFlow[] = [];
before(async () => {
  const timers = { t1Ms: 100, t2Ms: 400, t4Ms: 500, sessionS: 2, leastSessionS: 1, closeMs: 300 };
  world = await SipWorld.open({ timers });
});
after(() => world.close());
afterEach(async () => {
  await Promise.all(running.splice(0).map((flow) => flow.stop()));
});

async function phone(...steps: readonly Step[]): Promise<SippFlow> {
  const flow = await SippFlow.start(steps);
  running.push(flow);
  return flow;
}

/** Alice calls a phone that plays these steps. */
async function aliceCalls(...steps: readonly Step[]): Promise<{ bob: SippFlow; alice: WatchedLeg }> {
  const bob = await phone(...steps);
  return { bob, alice: await world.call(bob.uri) };
}

const ok = (headers: readonly string[] = []) => replies('200 OK', { headers, body: sound() });
const answers: readonly Step[] = [gets('INVITE'), ok(), gets('ACK')];
const byeByUs: readonly Step[] = [gets('BYE'), repliesInDialog('200 OK')];
const fails = (status: string, more: Parameters<typeof replies>[1] = {}): Step[] => [
  gets('INVITE'),
  replies(status, more),
  gets('ACK'),
];

async function talksAndEnds(alice: WatchedLeg, bob: SippFlow): Promise<void> {
  await alice.tells('answered', 8_000);
  await alice.leg.end(normalEnd('caller'));
  await bob.succeeds();
}

describe('a phone that is called', () => {
  it('is told which extensions we know', async () => {
    const has = [
      'Supported: .*100rel',
      'Supported: .*timer',
      'Supported: .*replaces',
      'Session-Expires: 2',
      'Min-SE: 1',
    ];
    const { bob, alice } = await aliceCalls(gets('INVITE', has), ok(), gets('ACK'), ...byeByUs);
    await talksAndEnds(alice, bob);
  });

  it('rings reliably, and gets our PRACK', async () => {
    const { bob, alice } = await aliceCalls(
      gets('INVITE'),
      replies('183 Session Progress', { headers: ['Require: 100rel', 'RSeq: 4711'], body: sound() }),
      ...[gets('PRACK', ['RAck: 4711 1 INVITE']), repliesInDialog('200 OK')],
    );
    await alice.tells('early');
    await bob.succeeds();
  });

  it('refuses with a cause of the telephone network, which is told in words', async () => {
    const { bob, alice } = await aliceCalls(...fails('480 Unavailable', { headers: ['Reason: Q.850;cause=20'] }));
    const { cause } = await alice.tells('ended');
    assert.deepEqual([cause.code, cause.detail], [480, 'subscriber absent']);
    await bob.succeeds();
  });

  it('says nothing for a while: CANCEL waits for its first word', async () => {
    const { bob, alice } = await aliceCalls(gets('INVITE'), waits(300), replies('180 Ringing'), gets('CANCEL'));
    await alice.leg.end(causeOf(487, 'caller'));
    await bob.succeeds();
  });

  it('asks for a transfer while it is the called one, and hears how it went', async () => {
    const { bob, alice } = await aliceCalls(
      ...[getsCaller, ok(), gets('ACK')],
      asksAsCalled('REFER', 2, ['Refer-To: <sip:carol@127.0.0.1>']),
      ...[gets(202), gets('NOTIFY', ['100 Trying']), repliesInDialog('200 OK')],
      ...[gets('NOTIFY', ['SIP/2.0 200 OK']), repliesInDialog('200 OK'), ...byeByUs],
    );
    const { to } = await alice.tells('transferAsked');
    assert.equal(to.kind === 'address' && to.uri, 'carol@127.0.0.1');
    await alice.leg.transferring?.({ state: 'accepted' });
    await alice.leg.end(normalEnd('gateway'));
    await bob.succeeds();
  });
});

/** Keeps who calls, with its tag. */
const getsCaller: Step =
  '<recv request="INVITE" rrs="true"><action><ereg regexp="From: *([^[:cntrl:]]*)" search_in="msg" check_it="true" assign_to="line,callerAddress"/></action></recv><nop><action><log message="[$line]"/></action></nop>';

/** A request of the called one within the call. */
const asksAsCalled = (method: string, cseq: number, headers: readonly string[]): Step =>
  `<send retrans="500"><![CDATA[
${method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:bob@127.0.0.1>;tag=[pid]S[call_number]
To: [$callerAddress]
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Max-Forwards: 70
Contact: <sip:bob@[local_ip]:[local_port];transport=[transport]>
${headers.join('\n')}
Content-Length: 0

]]></send>`;

describe('a phone with a session timer', () => {
  const silent = ['Session-Expires: 2;refresher=uas', 'Require: timer'];
  const ours = ['Session-Expires: 2;refresher=uac', 'Require: timer', 'Allow: INVITE, ACK, BYE, CANCEL, UPDATE'];

  it('that wants longer intervals says 422, and gets another INVITE', async () => {
    const { bob, alice } = await aliceCalls(
      ...fails('422 Session Interval Too Small', { headers: ['Min-SE: 90'] }),
      ...[gets('INVITE', ['Session-Expires: 90', 'CSeq: 2 INVITE']), ok(), gets('ACK'), ...byeByUs],
    );
    await talksAndEnds(alice, bob);
  });

  it('that says 422 without an interval is believed', async () => {
    const { bob, alice } = await aliceCalls(...fails('422 Session Interval Too Small'));
    assert.equal((await alice.tells('ended')).cause.code, 422);
    await bob.succeeds();
  });

  it('that leaves it to us gets UPDATEs', async () => {
    const { bob, alice } = await aliceCalls(
      ...[gets('INVITE'), ok(ours), gets('ACK'), gets('UPDATE', ['Session-Expires: 2;refresher=uac'])],
      ...[repliesInDialog('200 OK', { headers: ['Session-Expires: 2;refresher=uac'] }), ...byeByUs],
    );
    await alice.tells('answered');
    await new Promise((resolve) => setTimeout(resolve, 1_250));
    await talksAndEnds(alice, bob);
  });

  it('that refuses UPDATE gets a re-INVITE', async () => {
    const { bob, alice } = await aliceCalls(
      ...[gets('INVITE'), ok(ours), gets('ACK'), gets('UPDATE'), repliesInDialog('405 Method Not Allowed')],
      gets('INVITE', ['Session-Expires: 2;refresher=uac']),
      repliesInDialog('200 OK', { headers: ['Session-Expires: 2;refresher=uac'], body: sound() }),
      gets('ACK'),
    );
    await bob.succeeds();
    await alice.leg.end(normalEnd('caller'));
  });

  it('that was to refresh and does not is hung up', async () => {
    const { bob, alice } = await aliceCalls(...[gets('INVITE'), ok(silent), gets('ACK'), ...byeByUs]);
    assert.equal((await alice.tells('ended', 8_000)).cause.code, 408);
    await bob.succeeds();
  });
});

describe('a server that knows where else the called one is', () => {
  it('says 302, and the call goes there, To being as before', async () => {
    const carol = await phone(
      gets('INVITE', ['^INVITE sip:carol@', 'To: .sip:bob@127.0.0.1']),
      ok(),
      gets('ACK'),
      ...byeByUs,
    );
    const contact = `<sip:carol@127.0.0.1:${carol.port}>`;
    const { bob, alice } = await aliceCalls(...fails('302 Moved Temporarily', { contact }));
    assert.deepEqual(await alice.tells('trying'), { kind: 'trying', code: 181 });
    await bob.succeeds();
    await talksAndEnds(alice, carol);
  });

  it('names several, and the most wanted is tried first, then the next', async () => {
    const first = await phone(...fails('486 Busy Here'));
    const second = await phone(...answers, ...byeByUs);
    const contact = `<sip:b@127.0.0.1:${second.port}>;q=0.2, <sip:a@127.0.0.1:${first.port}>;q=0.9`;
    const { bob, alice } = await aliceCalls(...fails('300 Multiple Choices', { contact }));
    await Promise.all([bob.succeeds(), first.succeeds()]);
    await talksAndEnds(alice, second);
  });

  it('sends the call in a circle: it ends', async () => {
    const { bob, alice } = await aliceCalls(
      ...fails('302 Moved Temporarily', { contact: '<sip:bob@[local_ip]:[local_port]>' }),
    );
    assert.equal((await alice.tells('ended')).cause.code, 302);
    await bob.succeeds();
  });

  it('sends the call into a network that may not be called: refused in words', async () => {
    const { bob, alice } = await aliceCalls(...fails('302 Moved Temporarily', { contact: '<sip:bob@10.9.9.9>' }));
    assert.equal((await alice.tells('ended')).cause.code, 403);
    await bob.succeeds();
  });

  it('names what is no SIP address: the call ends as it said', async () => {
    const { bob, alice } = await aliceCalls(...fails('302 Moved Temporarily', { contact: '<http://phones.example/>' }));
    assert.equal((await alice.tells('ended')).cause.code, 302);
    await bob.succeeds();
  });
});
