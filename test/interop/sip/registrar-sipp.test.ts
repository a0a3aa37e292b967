import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type PermanentAddress, permanentAddress } from '../../peers/desk-phone.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { freePort } from '../../peers/ports.ts';
import { type Registering, sippRegisters } from '../../peers/sipp-register.ts';

let gateway: Gateway;

before(async () => {
  gateway = await startGateway({ SYLK_ADDRESSES_PER_HOUR: '1000' });
});

after(() => gateway.stop());

const registers = ({ name, password }: PermanentAddress, more: Partial<Registering> & Pick<Registering, 'headers'>) =>
  sippRegisters({ to: gateway.sipPort, user: name, password, status: 200, ...more });

const contact = (user: string, more = '') => `Contact: <sip:${user}@127.0.0.1:5099>${more}`;

/** What is registered, as a query without Contact is told. */
const has = (who: PermanentAddress, ...patterns: string[]) =>
  registers(who, { headers: ['X-Query: 1'], has: patterns });

describe('registrar: what SIPp hears', () => {
  it('registrar: tells how long a contact lives, no longer than an hour', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, {
      headers: [contact(who.name), 'Expires: 7200'],
      has: [`Contact: <sip:${who.name}@127.0.0.1:5099>;expires=3600`],
    });
    await has(who, 'expires=3[56]');
  });

  it('registrar: a contact that is too brief is refused with 423 and the least', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, {
      headers: [contact(who.name, ';expires=5')],
      status: 423,
      has: ['Min-Expires: 60'],
      isRefusedAtOnce: true,
    });
  });

  it('registrar: keeps several contacts with q, the best first', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, { headers: [contact('a', ';q=0.2'), contact('b', ';q=0.9')] });
    await has(who, 'sip:b@127.0.0.1:5099>;expires=[0-9]*;q=0.9.*sip:a@127.0.0.1:5099>;expires=[0-9]*;q=0.2');
  });

  it('registrar: expires=0 removes one contact and leaves the other', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, { headers: [contact('a'), contact('b')] });
    await registers(who, { headers: [contact('a', ';expires=0')], has: ['sip:b@127.0.0.1:5099'] });
    await assert.rejects(has(who, 'sip:a@127.0.0.1:5099'));
  });

  it('registrar: Contact * with Expires 0 removes all', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, { headers: [contact('a'), contact('b')] });
    await registers(who, { headers: ['Contact: *', 'Expires: 0'] });
    await assert.rejects(has(who, 'Contact:'));
  });

  it('registrar: Contact * without Expires 0 is refused with 400', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, { headers: ['Contact: *', 'Expires: 60'], status: 400, isRefusedAtOnce: true });
  });

  it('registrar: a contact that is no SIP address is refused with 400', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, { headers: ['Contact: <mailto:a@b.test>'], status: 400, isRefusedAtOnce: true });
  });

  it('registrar: a request of the same call with a lower CSeq changes nothing', async () => {
    const who = await permanentAddress(gateway);
    const callId = `call-of-${who.name}`;
    await registers(who, { headers: [contact('a', ';q=0.5')], callId, cseq: 10 });
    await registers(who, { headers: [contact('a', ';q=0.7')], callId, cseq: 5, status: 500 });
    await has(who, 'q=0.5');
  });

  it('registrar: a phone that was restarted, with another Call-ID, may count from 1 again', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, { headers: [contact('a', ';q=0.5')], callId: `before-${who.name}`, cseq: 10 });
    await registers(who, { headers: [contact('a', ';q=0.7')], callId: `after-${who.name}`, has: ['q=0.7'] });
  });

  it('registrar: Path comes back in the answer', async () => {
    const who = await permanentAddress(gateway);
    const path = '<sip:edge.proxy.test;lr>';
    await registers(who, {
      headers: [contact('a'), 'Supported: path', `Path: ${path}`],
      has: [`Path: ${path}`],
    });
  });

  it('registrar: a Path that is no loose route is refused with 400', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, { headers: [contact('a'), 'Path: <sip:strict.test>'], status: 400, isRefusedAtOnce: true });
  });

  it('registrar: an outbound flow is taken, with a timer, and replaced by its instance', async () => {
    const who = await permanentAddress(gateway);
    const flow = (user: string) =>
      contact(user, ';reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"');
    const outbound = ['Supported: path, outbound'];
    await registers(who, {
      headers: [flow('a'), ...outbound],
      has: ['Require: outbound', 'Flow-Timer: 120', 'reg-id=1'],
    });
    await registers(who, { headers: [flow('b'), ...outbound] });
    await assert.rejects(has(who, 'sip:a@127.0.0.1:5099'));
  });

  it('registrar: an outbound flow behind a proxy that keeps none is refused with 439', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, {
      headers: [contact('a', ';reg-id=1;+sip.instance="<urn:uuid:1>"'), 'Supported: outbound'],
      vias: ['SIP/2.0/UDP 127.0.0.9:5060;branch=z9hG4bKfirst'],
      status: 439,
      isRefusedAtOnce: true,
    });
  });

  it('registrar: an unknown extension that is required is refused with 420', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, {
      headers: [contact('a'), 'Require: gruu'],
      status: 420,
      has: ['Unsupported: gruu'],
      isRefusedAtOnce: true,
    });
  });

  it('registrar: an address that does not exist is told the same as a wrong password', async () => {
    const who = await permanentAddress(gateway);
    const headers = [contact('a')];
    await registers(who, { headers, password: 'not-the-password', status: 403, has: ['Wrong name or password'] });
    const nobody = { address: '', name: 'nobody-at-all', password: 'not-the-password' };
    await registers(nobody, { headers, status: 403, has: ['Wrong name or password'] });
  });

  it('registrar: who knows one password may not register another address', async () => {
    const [own, other] = [await permanentAddress(gateway), await permanentAddress(gateway)];
    await sippRegisters({
      to: gateway.sipPort,
      user: other.name,
      password: own.password,
      headers: [contact('a')],
      status: 403,
    });
  });

  it('registrar: takes a phone over TCP', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, { headers: [contact('a')], transport: 't1', has: ['Contact: <sip:a@127.0.0.1:5099>'] });
  });

  it('registrar: contacts outlive signaling that is killed', async () => {
    const who = await permanentAddress(gateway);
    await registers(who, { headers: [contact('a')] });
    await gateway.restart('signaling', 'SIGKILL');
    await gateway.edge.says(/./);
    await has(who, 'sip:a@127.0.0.1:5099');
  });
});

describe('registrar: what sipsak does', () => {
  const sipsak = async (...args: string[]) => {
    const port = String(await freePort());
    return promisify(execFile)('sipsak', ['-p', `127.0.0.1:${gateway.sipPort}`, '-l', port, ...args]);
  };

  it('registrar: sipsak registers with digest and a contact of its choice', async () => {
    const who = await permanentAddress(gateway);
    const uri = `sip:${who.name}@sylk.test`;
    await sipsak(
      '-i',
      '-u',
      who.name,
      '-U',
      '-C',
      `sip:${who.name}@127.0.0.1:5098`,
      '-x',
      '600',
      '-s',
      uri,
      '-a',
      who.password,
    );
    await has(who, `sip:${who.name}@127.0.0.1:5098>;expires=[56]`);
  });

  it('options: sipsak is told what is allowed', async () => {
    const { stdout } = await sipsak('-v', '-v', '-s', `sip:echo@127.0.0.1:${gateway.sipPort}`);
    assert.match(stdout, /Allow: .*REGISTER/);
  });
});
