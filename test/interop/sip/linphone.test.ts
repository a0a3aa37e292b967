import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Baresip, BaresipOptions } from '../../peers/baresip.ts';
import { deskPhone, type PermanentAddress, permanentAddress } from '../../peers/desk-phone.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { Linphone, type LinphoneOptions } from '../../peers/linphone.ts';

let gateway: Gateway;
let running: { stop(): Promise<void> }[] = [];

before(async () => {
  gateway = await startGateway({ SYLK_ADDRESSES_PER_HOUR: '1000' });
});

afterEach(async () => {
  await Promise.all(running.map((phone) => phone.stop()));
  running = [];
});

after(() => gateway.stop());

async function linphone(options: LinphoneOptions = {}): Promise<{ alice: Linphone; who: PermanentAddress }> {
  const who = await permanentAddress(gateway);
  const alice = await Linphone.start(gateway, who, options);
  running.push(alice);
  return { alice, who };
}

/** A phone of ours that somebody else has made. */
async function baresip(options: BaresipOptions = {}): Promise<{ bob: Baresip; other: PermanentAddress }> {
  const other = await permanentAddress(gateway);
  const bob = await deskPhone(gateway, other, { toneHz: 1300, ...options });
  running.push(bob);
  await bob.event('REGISTER_OK');
  return { bob, other };
}

const isNear = (heard: number | undefined, hz: number) =>
  assert.ok(heard !== undefined && Math.abs(heard - hz) < 30, `heard ${heard} Hz, expected ${hz} Hz`);

/** Long enough for half a second of sound that is looked at. */
const talk = () => sleep(1_200);

for (const transport of ['udp', 'tcp', 'tls'] as const) {
  describe(`linphone over ${transport.toUpperCase()}`, () => {
    it(`caller: registers with digest over ${transport.toUpperCase()}, calls, and both are heard`, async () => {
      const { alice, who } = await linphone({ transport });
      const { bob, other } = await baresip();
      alice.command(`call ${other.address}`);
      const call = await bob.event('CALL_ESTABLISHED');
      assert.match(call.param, new RegExp(who.address), 'who calls has proven its address');
      await alice.says(/Media streams established/);
      await talk();
      alice.command('terminate');
      await bob.event('CALL_CLOSED');
      await alice.says(/Call 1 with .* ended/);
      isNear(await bob.heardHz(), 600);
      isNear(await alice.heardHz(), 1300);
    });

    it(`callee: is called over ${transport.toUpperCase()}, answers, and is hung up by the caller`, async () => {
      const { alice, who } = await linphone({ transport });
      const { bob } = await baresip();
      bob.dial(who.address);
      await bob.event('CALL_ESTABLISHED');
      await alice.says(/Media streams established/);
      await talk();
      bob.command('hangup');
      await alice.says(/Call 1 with .* ended/);
      isNear(await bob.heardHz(), 600);
      isNear(await alice.heardHz(), 1300);
    });
  });
}

describe('linphone in a call', () => {
  async function talking(options: LinphoneOptions = {}) {
    const { alice } = await linphone(options);
    const { bob, other } = await baresip();
    alice.command(`call ${other.address}`);
    await bob.event('CALL_ESTABLISHED');
    await alice.says(/Media streams established/);
    return { alice, bob };
  }

  it('caller: holds and resumes: the other is told, and both are heard again', async () => {
    const { alice, bob } = await talking();
    alice.command('pause');
    await bob.event('CALL_REMOTE_SDP', 10_000, 1);
    await alice.says(/Call 1 with .* is now paused/);
    const from = alice.mark;
    alice.command('resume');
    await alice.says(/Media streams established/, from);
    await talk();
    // What baresip records ends with the hold.
    alice.command('7');
    await bob.process.says(/received event: '7'/);
    alice.command('terminate');
    await bob.event('CALL_CLOSED');
    isNear(await alice.heardHz(), 1300);
  });

  it('caller: presses digits, which the other phone hears', async () => {
    const { alice, bob } = await talking();
    await sleep(300);
    for (const digit of ['1', '5', '#']) {
      alice.command(digit);
      await bob.process.says(new RegExp(`received event: '${digit}'`));
    }
    alice.command('terminate');
    await bob.event('CALL_CLOSED');
  });

  it('caller: encrypts with keys of its own (SDES), and both are heard', async () => {
    const { alice, bob } = await talking({ isEncrypted: true, transport: 'tls' });
    await talk();
    bob.command('hangup');
    await alice.says(/Call 1 with .* ended/);
    isNear(await bob.heardHz(), 600);
    isNear(await alice.heardHz(), 1300);
  });

  it('caller: hands its call on to a third phone, which the other hears, and is out', async () => {
    const { alice, bob } = await talking();
    const { bob: carol, other: third } = await baresip({ toneHz: 900 });
    alice.command(`transfer ${third.address}`);
    await carol.event('CALL_ESTABLISHED');
    await alice.says(/Call 1 with .* ended/);
    await talk();
    bob.command('hangup');
    await carol.event('CALL_CLOSED');
    isNear(await carol.heardHz(), 1300);
  });

  it('caller: asks a third phone first, hands its call on to it, and is out', async () => {
    const { alice, bob } = await talking();
    const { bob: carol, other: third } = await baresip({ toneHz: 900 });
    alice.command('pause');
    const from = alice.mark;
    alice.command(`call ${third.address}`);
    await carol.event('CALL_ESTABLISHED');
    await alice.says(/Media streams established/, from);
    alice.command('transfer 1 --to-call 2');
    await alice.says(/Call 2 with .* ended/);
    await talk();
    bob.command('hangup');
    await carol.event('CALL_CLOSED');
    isNear(await carol.heardHz(), 1300);
  });
});

describe('linphone that is called', () => {
  it('callee: declines with 603, and the caller hears that', async () => {
    const { alice, who } = await linphone({ answers: 'manual' });
    const { bob } = await baresip();
    bob.dial(who.address);
    await alice.says(/Receiving new incoming call|is contacting you/);
    alice.command('terminate');
    assert.match((await bob.event('CALL_CLOSED')).param, /603/);
  });

  it('callee: declines with 603 for all, and the other phone of its address stops ringing', async () => {
    const { alice, who } = await linphone({ answers: 'manual' });
    const other = await deskPhone(gateway, who, { answers: 'manual' });
    running.push(other);
    await other.event('REGISTER_OK');
    const { bob } = await baresip();
    bob.dial(who.address);
    await Promise.all([alice.says(/Receiving new incoming call|is contacting you/), other.event('CALL_INCOMING')]);
    alice.command('terminate');
    assert.match((await bob.event('CALL_CLOSED')).param, /603/);
    await other.event('CALL_CLOSED');
  });

  it('callee: is in as many calls as it takes, and the caller hears 486', async () => {
    const { alice, who } = await linphone({ mostCalls: 1 });
    const { bob } = await baresip();
    const { bob: carol } = await baresip();
    bob.dial(who.address);
    await bob.event('CALL_ESTABLISHED');
    carol.dial(who.address);
    assert.match((await carol.event('CALL_CLOSED')).param, /486/);
    bob.command('hangup');
    await alice.says(/Call 1 with .* ended/);
  });

  it('callee: the caller gives up, and it stops ringing', async () => {
    const { alice, who } = await linphone({ answers: 'manual' });
    const { bob } = await baresip();
    bob.dial(who.address);
    await alice.says(/Receiving new incoming call|is contacting you/);
    bob.command('hangup');
    await alice.says(/Call 1 with .* ended/);
  });
});
