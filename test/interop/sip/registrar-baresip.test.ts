import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { fixture } from '../../../media-edge/src/sdp/fixtures.ts';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import { deskPhone, type PermanentAddress, permanentAddress } from '../../peers/desk-phone.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { Kamailio } from '../../peers/kamailio.ts';
import { RawClient } from '../../peers/raw-client.ts';

let gateway: Gateway;
const running: Baresip[] = [];

before(async () => {
  gateway = await startGateway({ SYLK_ADDRESSES_PER_HOUR: '1000', SYLK_LOG_LEVEL: 'info' });
});

after(async () => {
  await Promise.all(running.map((phone) => phone.stop()));
  await gateway.stop();
});

/** A phone that has registered. */
const registered = async (who: PermanentAddress, options: BaresipOptions = {}): Promise<Baresip> => {
  const phone = await deskPhone(gateway, who, options);
  running.push(phone);
  await phone.event('REGISTER_OK');
  return phone;
};

/** A phone that is nobody's here. */
const stranger = async (options: BaresipOptions = {}): Promise<Baresip> => {
  const phone = await Baresip.start({ user: 'carol', toneHz: 700, ...options });
  running.push(phone);
  return phone;
};

/** What makes a Kamailio the way of phones to a registrar behind it (RFC 3327). */
const inFrontOf = (sipPort: number): string => `
  if (is_method("REGISTER")) { add_path(); $du = "sip:127.0.0.1:${sipPort}"; t_relay(); exit; }
  if (is_method("INVITE") && !has_totag() && is_present_hf("Route")) { loose_route(); record_route(); t_relay(); exit; }`;

const uriOf = ({ name }: PermanentAddress) => `${name}@127.0.0.1:${gateway.sipPort}`;

describe('baresip at our domain', () => {
  it('registrar: takes a phone with digest over UDP, which is called then and heard both ways', async () => {
    const who = await permanentAddress(gateway);
    const desk = await registered(who, { toneHz: 1000 });
    const caller = await stranger();
    caller.dial(uriOf(who));
    await desk.event('CALL_ESTABLISHED');
    await caller.event('CALL_ESTABLISHED');
    await new Promise((resolve) => setTimeout(resolve, 700));
    caller.command('hangup');
    await desk.event('CALL_CLOSED');
    assert.ok(Math.abs(((await caller.heardHz()) ?? 0) - 1000) < 30, 'the caller hears the desk phone');
    assert.ok(Math.abs(((await desk.heardHz()) ?? 0) - 700) < 30, 'the desk phone hears the caller');
  });

  it('registrar: refuses a phone with a wrong password, and says so', async () => {
    const who = await permanentAddress(gateway);
    const phone = await deskPhone(gateway, who, { password: 'wrong' });
    running.push(phone);
    const failed = await phone.event('REGISTER_FAIL');
    assert.match(failed.param, /403/);
  });

  it('caller: a page and two phones of an address ring, the phone that answers wins and the others stop', async () => {
    const who = await permanentAddress(gateway);
    const page = await RawClient.ready(gateway.origin);
    await page.add(who);
    await page.ask({ sylkrtc: 'account-register', account: who.address });
    const [first, second] = [await registered(who, manual), await registered(who, manual)];
    const caller = await stranger();
    caller.dial(uriOf(who));
    await Promise.all([first, second].map((phone) => phone.event('CALL_INCOMING')));
    const rung = await page.next(({ event }) => event === 'incoming-session');
    second.command('accept');
    await caller.event('CALL_ESTABLISHED');
    await first.event('CALL_CLOSED');
    const over = await page.next(({ event, state, session }) => isOver({ event, state }) && session === rung.session);
    assert.match(JSON.stringify(over), /200 Answered elsewhere/);
    caller.command('hangup');
    await second.event('CALL_CLOSED');
    page.close();
  });

  it('callee: one phone is busy, the other takes the call all the same', async () => {
    const who = await permanentAddress(gateway);
    const [busy, other] = [await registered(who, manual), await registered(who, manual)];
    const caller = await stranger();
    caller.dial(uriOf(who));
    await Promise.all([busy, other].map((phone) => phone.event('CALL_INCOMING')));
    busy.command('hangup');
    await busy.event('CALL_CLOSED');
    other.command('accept');
    await caller.event('CALL_ESTABLISHED');
    caller.command('hangup');
    await other.event('CALL_CLOSED');
  });

  it('callee: all phones are busy, and the caller hears 486', async () => {
    const who = await permanentAddress(gateway);
    const phones = [await registered(who, manual), await registered(who, manual)];
    const caller = await stranger();
    caller.dial(uriOf(who));
    for (const phone of phones) {
      await phone.event('CALL_INCOMING');
      phone.command('hangup');
    }
    assert.match((await caller.event('CALL_CLOSED')).param, /486/);
  });

  it('callee: a phone behind a Kamailio that puts itself into its Path is called through it, and both are heard', async () => {
    const proxy = await Kamailio.start({ first: inFrontOf(gateway.sipPort) });
    try {
      const who = await permanentAddress(gateway);
      const phone = await deskPhone({ sipPort: proxy.port }, who, { toneHz: 1000 });
      running.push(phone);
      await phone.event('REGISTER_OK');
      const caller = await stranger();
      caller.dial(uriOf(who));
      await phone.event('CALL_ESTABLISHED');
      await caller.event('CALL_ESTABLISHED');
      await new Promise((resolve) => setTimeout(resolve, 700));
      caller.command('hangup');
      await phone.event('CALL_CLOSED');
      await proxy.says(/request INVITE [\s\S]*request BYE/);
      assert.ok(Math.abs(((await caller.heardHz()) ?? 0) - 1000) < 30, 'the caller hears the phone');
      assert.ok(Math.abs(((await phone.heardHz()) ?? 0) - 700) < 30, 'the phone hears the caller');
    } finally {
      await proxy.stop();
    }
  });

  it('callee: two phones answer at the same moment, one has the call and the other is hung up', async () => {
    const who = await permanentAddress(gateway);
    const phones = [await registered(who, { toneHz: 500 }), await registered(who, { toneHz: 500 })];
    const caller = await stranger();
    caller.dial(uriOf(who));
    await caller.event('CALL_ESTABLISHED');
    const [ended] = await Promise.race(phones.map(async (phone) => [await phone.event('CALL_CLOSED'), phone] as const));
    assert.ok(ended);
    caller.command('hangup');
    for (const phone of phones) await phone.event('CALL_CLOSED');
  });

  it('caller: gives up, and the phone stops ringing', async () => {
    const who = await permanentAddress(gateway);
    const phone = await registered(who, manual);
    const caller = await stranger();
    caller.dial(uriOf(who));
    await phone.event('CALL_INCOMING');
    caller.command('hangup');
    await phone.event('CALL_CLOSED');
  });

  it('caller: a phone calls another phone of ours with its password, and both are heard', async () => {
    const [one, two] = [await permanentAddress(gateway), await permanentAddress(gateway)];
    const called = await registered(two, { toneHz: 600 });
    const calling = await registered(one, { toneHz: 1300 });
    calling.dial(two.address);
    assert.match((await called.event('CALL_ESTABLISHED')).param, new RegExp(one.address));
    await new Promise((resolve) => setTimeout(resolve, 700));
    calling.command('hangup');
    await called.event('CALL_CLOSED');
    assert.ok(Math.abs(((await calling.heardHz()) ?? 0) - 600) < 30);
    assert.ok(Math.abs(((await called.heardHz()) ?? 0) - 1300) < 30);
  });

  it('caller: a phone calls its own address, and only the other one rings', async () => {
    const who = await permanentAddress(gateway);
    const [one, other] = [await registered(who, manual), await registered(who, manual)];
    one.dial(who.address);
    await other.event('CALL_INCOMING');
    other.command('accept');
    await one.event('CALL_ESTABLISHED');
    assert.equal(
      one.events.some(({ type }) => type === 'CALL_INCOMING'),
      false,
    );
    one.command('hangup');
    await other.event('CALL_CLOSED');
  });

  it('caller: a phone calls somebody elsewhere as its address', async () => {
    const who = await permanentAddress(gateway);
    const phone = await registered(who);
    const elsewhere = await stranger({ user: 'dave', answers: 'auto' });
    phone.dial(elsewhere.uri);
    const rung = await elsewhere.event('CALL_ESTABLISHED');
    assert.match(rung.param, new RegExp(who.address));
    phone.command('hangup');
    await elsewhere.event('CALL_CLOSED');
  });

  it('caller: a number is not dialled where there is no trunk, and the phone hears 403', async () => {
    const phone = await registered(await permanentAddress(gateway));
    phone.dial('+493012345@sylk.test');
    assert.match((await phone.event('CALL_CLOSED')).param, /403/);
  });

  it('caller: a page calls a phone of ours, which hears it as that address', async () => {
    const [one, two] = [await permanentAddress(gateway), await permanentAddress(gateway)];
    const phone = await registered(two, manual);
    const page = await RawClient.ready(gateway.origin);
    await page.add(one);
    const call = { session: randomUUID(), account: one.address, uri: two.address, sdp: fixture('chromium-av-offer') };
    assert.equal((await page.ask({ sylkrtc: 'session-create', ...call })).sylkrtc, 'ack');
    const rung = await phone.event('CALL_INCOMING');
    assert.match(rung.param, new RegExp(one.address));
    await page.ask({ sylkrtc: 'session-terminate', session: call.session });
    await phone.event('CALL_CLOSED');
    page.close();
  });

  it('callee: a phone over TCP is called by the connection that it made', async () => {
    const who = await permanentAddress(gateway);
    const phone = await registered(who, { transport: 'tcp' });
    const caller = await stranger();
    caller.dial(uriOf(who));
    await phone.event('CALL_ESTABLISHED');
    phone.command('hangup');
    await caller.event('CALL_CLOSED');
  });

  it('registrar: a phone that has gone is not called any more, and the caller hears 480', async () => {
    const who = await permanentAddress(gateway);
    const phone = await registered(who);
    await phone.stop();
    const caller = await stranger();
    const heard = caller.event('CALL_CLOSED');
    caller.dial(uriOf(who));
    assert.match((await heard).param, /480/);
  });
});

const manual = { answers: 'manual' } as const;

const isOver = ({ event, state }: { readonly event: unknown; readonly state: unknown }): boolean =>
  event === 'state' && state === 'terminated';
