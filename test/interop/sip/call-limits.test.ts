import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import { deskPhone, type PermanentAddress, permanentAddress } from '../../peers/desk-phone.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { ctl } from '../../peers/operator.ts';

let folder: string;
let gateway: Gateway;
/** Where the trunk leads. */
let landline: Baresip;
/** And another one. */
let spareline: Baresip;
let numbers = 0;
let running: Baresip[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sylk-limits-'));
  landline = await Baresip.start({ user: '4930', address: '127.0.0.32' });
  spareline = await Baresip.start({ user: '4931', address: '127.0.0.34' });
  // They all end at one telephone, which takes no other number than its own.
  const dialled = ['+49301', '+49302', '+49303', '+49310'].map((prefix) => ({ prefix, replace: '4930' }));
  const trunk = {
    name: 'thin',
    peers: ['127.0.0.32'],
    server: `sip:127.0.0.32:${landline.port}`,
    numbersIn: [{ prefix: '+4930', to: 'desk' }],
    numbersOut: [{ prefix: '+' }, ...dialled, { prefix: '+4990', isBarred: true }],
    maxCalls: 1,
  };
  // Takes over what the first one has no line for, of one number only.
  const spare = {
    name: 'spare',
    server: `sip:127.0.0.34:${spareline.port}`,
    numbersOut: [{ prefix: '+49310', replace: '4931' }],
    maxCalls: 1,
  };
  const file = join(folder, 'trunks.json');
  await writeFile(file, JSON.stringify({ trunks: [trunk, spare] }));
  gateway = await startGateway({
    SYLK_ADDRESSES_PER_HOUR: '1000',
    SYLK_TRUNKS: file,
    SYLK_DATA_DIR: folder,
    SYLK_CALLS_PER_ACCOUNT: '2',
    SYLK_CALL_DOMAINS: '!127.0.0.33,!barred.test',
  });
});

afterEach(async () => {
  await Promise.all(running.map((phone) => phone.stop()));
  running = [];
});

after(async () => {
  await Promise.all([landline.stop(), spareline.stop()]);
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

async function phoneOf(options: BaresipOptions = {}, who?: PermanentAddress) {
  const address = who ?? (await permanentAddress(gateway, `limited-${++numbers}`));
  const phone = await deskPhone(gateway, address, options);
  running.push(phone);
  await phone.event('REGISTER_OK');
  return { phone, address };
}

/** A phone of an account that may dial numbers. */
async function whoMayDial(): Promise<Baresip> {
  const { phone, address } = await phoneOf();
  await ctl(folder, 'allow', address.address);
  return phone;
}

/** What a phone is told when its call ends. */
const closedWith = async (phone: Baresip, skip = 0) => (await phone.event('CALL_CLOSED', 10_000, skip)).param;

describe('an account that may have two calls', () => {
  it('caller: its third call is refused with 503 in words, and the two go on', async () => {
    const { phone } = await phoneOf();
    phone.dial('echo@sylk.test');
    await phone.event('CALL_ESTABLISHED');
    phone.dial('echo@sylk.test');
    await phone.event('CALL_ESTABLISHED', 10_000, 1);
    phone.dial('echo@sylk.test');
    assert.match(await closedWith(phone), /503 Too many calls at once/);
    phone.command('hangup');
    await phone.event('CALL_CLOSED', 10_000, 1);
    phone.dial('echo@sylk.test');
    await phone.event('CALL_ESTABLISHED', 10_000, 2);
  });

  it('callee: a third caller hears 486, and none of its phones rings', async () => {
    const { phone, address } = await phoneOf();
    phone.dial('echo@sylk.test');
    await phone.event('CALL_ESTABLISHED');
    phone.dial('echo@sylk.test');
    await phone.event('CALL_ESTABLISHED', 10_000, 1);
    const { phone: caller } = await phoneOf();
    caller.dial(address.address);
    assert.match(await closedWith(caller), /486/);
    assert.ok(!phone.events.some(({ type }) => type === 'CALL_INCOMING'));
  });
});

describe('a trunk that may have one call', () => {
  it('caller: the second number is refused with 503 in words, and dialled once the first call is over', async () => {
    const { phone, address } = await phoneOf();
    await ctl(folder, 'allow', address.address);
    phone.dial('+49301@sylk.test');
    await landline.event('CALL_ESTABLISHED');
    const { phone: second, address: other } = await phoneOf();
    await ctl(folder, 'allow', other.address);
    second.dial('+49302@sylk.test');
    assert.match(await closedWith(second), /503 All lines are busy/);
    phone.command('hangup');
    await landline.event('CALL_CLOSED');
    await phone.event('CALL_CLOSED');
    second.dial('+49302@sylk.test');
    await landline.event('CALL_ESTABLISHED', 10_000, 1);
    second.command('hangup');
    await landline.event('CALL_CLOSED', 10_000, 1);
  });

  it('caller: a number that another trunk takes as well goes by that one, until both are full', async () => {
    const established = landline.events.filter(({ type }) => type === 'CALL_ESTABLISHED').length;
    const [first, second, third] = [await whoMayDial(), await whoMayDial(), await whoMayDial()];
    first.dial('+49310@sylk.test');
    await landline.event('CALL_ESTABLISHED', 10_000, established);
    second.dial('+49310@sylk.test');
    await spareline.event('CALL_ESTABLISHED');
    third.dial('+49310@sylk.test');
    assert.match(await closedWith(third), /503 All lines are busy/);
    const closed = landline.events.filter(({ type }) => type === 'CALL_CLOSED').length;
    for (const phone of [first, second]) phone.command('hangup');
    await Promise.all([landline.event('CALL_CLOSED', 10_000, closed), spareline.event('CALL_CLOSED')]);
  });

  it('callee: a call from the trunk while it has one hears 503', async () => {
    const desk = await permanentAddress(gateway, 'desk');
    await ctl(folder, 'allow', desk.address);
    const { phone } = await phoneOf({}, desk);
    const established = landline.events.filter(({ type }) => type === 'CALL_ESTABLISHED').length;
    const closed = landline.events.filter(({ type }) => type === 'CALL_CLOSED').length;
    phone.dial('+49303@sylk.test');
    await landline.event('CALL_ESTABLISHED', 10_000, established);
    landline.dial(`+4930@127.0.0.1:${gateway.sipPort}`);
    assert.match(await closedWith(landline, closed), /503/);
    assert.ok(!phone.events.some(({ type }) => type === 'CALL_INCOMING'));
    phone.command('hangup');
    await landline.event('CALL_CLOSED', 10_000, closed + 1);
  });

  it('caller: a number that its rules bar is refused with 403, and nothing reaches the trunk', async () => {
    const { phone, address } = await phoneOf();
    await ctl(folder, 'allow', address.address);
    const before = landline.events.length;
    phone.dial('+49900123@sylk.test');
    assert.match(await closedWith(phone), /403/);
    assert.equal(landline.events.length, before);
  });
});

describe('a domain that may not be called', () => {
  it('caller: is refused with 403, and nobody there hears of it', async () => {
    const elsewhere = await Baresip.start({ user: 'carol', address: '127.0.0.33' });
    running.push(elsewhere);
    const { phone } = await phoneOf();
    phone.dial(elsewhere.uri);
    assert.match(await closedWith(phone), /403/);
    phone.dial('carol@sub.barred.test');
    assert.match(await closedWith(phone, 1), /403/);
    assert.deepEqual(elsewhere.events, []);
  });

  it('caller: another domain is called as ever', async () => {
    const elsewhere = await Baresip.start({ user: 'dave', address: '127.0.0.34' });
    running.push(elsewhere);
    const { phone } = await phoneOf();
    phone.dial(elsewhere.uri);
    await elsewhere.event('CALL_ESTABLISHED');
    phone.command('hangup');
    await elsewhere.event('CALL_CLOSED');
  });
});
