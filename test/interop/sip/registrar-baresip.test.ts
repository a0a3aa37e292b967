import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import { deskPhone, type PermanentAddress, permanentAddress } from '../../peers/desk-phone.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';

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
});
