import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import { deskPhone, type PermanentAddress, permanentAddress } from '../../peers/desk-phone.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { Kamailio } from '../../peers/kamailio.ts';
import { ctl } from '../../peers/operator.ts';
import { freePort } from '../../peers/ports.ts';

/** Where the trunk is, apart from the phones beside the gateway. */
const trunkAddress = '127.0.0.31';

let folder: string;
let gateway: Gateway;
let carrier: Kamailio;
/** Whom the carrier reaches: everybody's number ends at this phone. */
let landline: Baresip;
let allowed: PermanentAddress;
let barred: PermanentAddress;
const running: Baresip[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sylk-trunk-'));
  landline = await Baresip.start({ user: '0049301234567', toneHz: 900 });
  // The carrier has to know the gateway, and the gateway the carrier.
  const sipPort = await freePort();
  carrier = await Kamailio.start({
    address: trunkAddress,
    realm: 'carrier.test',
    ways: { '0049': `sip:127.0.0.1:${landline.port}`, '+49': `sip:127.0.0.1:${sipPort}` },
  });
  const file = join(folder, 'trunks.json');
  await writeFile(file, JSON.stringify({ trunks: [trunkTo(carrier), pbx] }));
  const started = await startGateway({
    SYLK_ADDRESSES_PER_HOUR: '1000',
    SYLK_TRUNKS: file,
    SYLK_DATA_DIR: folder,
    SYLK_SIP_PORT: String(sipPort),
  });
  gateway = { ...started, sipPort };
  allowed = await permanentAddress(gateway, 'allowed');
  barred = await permanentAddress(gateway, 'barred');
  await ctl(folder, 'allow', allowed.address);
});

after(async () => {
  await Promise.all([...running, landline].map((phone) => phone.stop()));
  await carrier.stop();
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

const trunkTo = ({ port }: Kamailio) => ({
  name: 'carrier',
  peers: [trunkAddress],
  server: `sip:${trunkAddress}:${port}`,
  domain: 'carrier.test',
  // This carrier gives each number a password of its own.
  account: { username: 'customer', password: 'pw-+493050', realm: 'carrier.test' },
  numbersIn: [{ prefix: '+493050', to: 'allowed' }],
  numbersOut: [{ prefix: '+', replace: '00' }, { prefix: '00' }],
  callerNumbers: { allowed: '+493050' },
  isTrusted: true,
});

/** An exchange that calls from wherever it is, and proves itself. */
const pbx = {
  name: 'pbx',
  login: { username: 'pbx', password: 'secret-of-the-pbx' },
  numbersIn: [{ prefix: '+4977', to: 'allowed' }],
};

const phoneOf = async (who: PermanentAddress, options: BaresipOptions = {}): Promise<Baresip> => {
  const phone = await deskPhone(gateway, who, options);
  running.push(phone);
  await phone.event('REGISTER_OK');
  return phone;
};

const beside = async (options: BaresipOptions): Promise<Baresip> => {
  const phone = await Baresip.start(options);
  running.push(phone);
  return phone;
};

describe('a trunk', () => {
  it('caller: an allowed account dials a number, mapped and proven by digest, with its own number', async () => {
    const phone = await phoneOf(allowed, { toneHz: 500 });
    const from = carrier.mark;
    phone.dial('+49301234567@sylk.test');
    await landline.event('CALL_ESTABLISHED');
    await carrier.says(/challenged INVITE of \+493050/, 5_000, from);
    await carrier.says(/request INVITE sip:0049301234567@\S+ from \+493050/, 5_000, from);
    await new Promise((resolve) => setTimeout(resolve, 700));
    phone.command('hangup');
    await landline.event('CALL_CLOSED');
    assert.ok(Math.abs(((await landline.heardHz()) ?? 0) - 500) < 30, 'the landline hears the phone');
    assert.ok(Math.abs(((await phone.heardHz()) ?? 0) - 900) < 30, 'the phone hears the landline');
  });

  it('caller: an account that is not allowed hears 403, and nothing reaches the trunk', async () => {
    const phone = await phoneOf(barred);
    const from = carrier.mark;
    phone.dial('+49301234567@sylk.test');
    assert.match((await phone.event('CALL_CLOSED')).param, /403/);
    assert.doesNotMatch(carrier.process.output.slice(from), /request INVITE/);
  });

  it('caller: a number that no rule of the trunk takes is refused with 403', async () => {
    const phone = await phoneOf(allowed);
    phone.dial('112233@sylk.test');
    assert.match((await phone.event('CALL_CLOSED')).param, /403/);
  });

  it('caller: a stranger gets no number dialled', async () => {
    const stranger = await beside({ user: 'eve' });
    const from = carrier.mark;
    stranger.dial(`+49301234567@127.0.0.1:${gateway.sipPort}`);
    assert.match((await stranger.event('CALL_CLOSED')).param, /404|401|407/);
    assert.doesNotMatch(carrier.process.output.slice(from), /request INVITE/);
  });

  it('caller: the operator takes the permission back', async () => {
    const who = await permanentAddress(gateway, 'on-probation');
    await ctl(folder, 'allow', who.address);
    await ctl(folder, 'disallow', who.address);
    const phone = await phoneOf(who);
    phone.dial('+49301234567@sylk.test');
    assert.match((await phone.event('CALL_CLOSED')).param, /403/);
  });

  it('callee: a call from the trunk by its address rings the account of the number', async () => {
    const phone = await phoneOf(allowed);
    const caller = await beside({ user: 'caller', account: `outbound="sip:${trunkAddress}:${carrier.port}"` });
    caller.dial(`+493050@${trunkAddress}:${carrier.port}`);
    await phone.event('CALL_ESTABLISHED');
    caller.command('hangup');
    await phone.event('CALL_CLOSED');
  });

  it('callee: a number of the trunk that belongs to nobody is refused with 404', async () => {
    const caller = await beside({ user: 'caller', account: `outbound="sip:${trunkAddress}:${carrier.port}"` });
    caller.dial(`+499999@${trunkAddress}:${carrier.port}`);
    assert.match((await caller.event('CALL_CLOSED')).param, /404/);
  });

  it('callee: an exchange that proves itself by digest rings the account of the number', async () => {
    const phone = await phoneOf(allowed);
    const exchange = await beside({ user: 'pbx', account: 'auth_user=pbx;auth_pass=secret-of-the-pbx' });
    exchange.dial(`+4977@127.0.0.1:${gateway.sipPort}`);
    await phone.event('CALL_ESTABLISHED');
    exchange.command('hangup');
    await phone.event('CALL_CLOSED');
  });

  it('callee: an exchange with a wrong password is refused with 403', async () => {
    const exchange = await beside({ user: 'pbx', account: 'auth_user=pbx;auth_pass=wrong' });
    exchange.dial(`+4977@127.0.0.1:${gateway.sipPort}`);
    assert.match((await exchange.event('CALL_CLOSED')).param, /403/);
  });
});
