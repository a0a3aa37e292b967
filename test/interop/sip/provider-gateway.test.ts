/** Accounts of a provider through the whole gateway: devices of one account, wrong passwords, and what a restart leaves. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../../peers/baresip.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { Kamailio } from '../../peers/kamailio.ts';
import { RawClient, type RawFrame } from '../../peers/raw-client.ts';

let provider: Kamailio;
let gateway: Gateway;
let bob: Baresip;
const clients: RawClient[] = [];

before(async () => {
  provider = await Kamailio.start();
  gateway = await startGateway({ SYLK_FOREIGN_ACCOUNTS: `provider.test=${provider.uri}`, SYLK_LOG_LEVEL: 'info' });
  bob = await Baresip.start({
    user: 'bob',
    registers: { aor: 'bob@provider.test', everySec: 600 },
    account: `auth_user=bob;auth_pass=pw-bob;outbound="${provider.uri}"`,
  });
  await provider.says(/registered bob/);
});

after(async () => {
  for (const client of clients) client.close();
  await bob?.stop();
  await gateway?.stop();
  await provider?.stop();
});

const accountOf = (user: string) => `${user}@provider.test`;

const device = async (): Promise<RawClient> => {
  const client = await RawClient.ready(gateway.origin);
  clients.push(client);
  return client;
};

const isState = (state: string) => (frame: RawFrame) => frame.event === 'registration-state' && frame.state === state;

/** Signs a new device in. @returns it, when the provider has answered */
const signIn = async (user: string, password = `pw-${user}`, state = 'registered'): Promise<RawClient> => {
  const client = await device();
  await client.add({ address: accountOf(user), password });
  await client.ask({ sylkrtc: 'account-register', account: accountOf(user) });
  await client.next(isState(state));
  // It writes that after its answer: what is read of its log later is of later.
  if (state === 'registered') await provider.says(new RegExp(`registered ${user} `));
  return client;
};

const statesOf = ({ frames }: RawClient) =>
  frames.filter(({ event }) => event === 'registration-state').map(({ state, reason }) => [state, reason]);

const requestsOf = (user: string, from = 0) =>
  provider.process.output.slice(from).match(new RegExp(`request REGISTER \\S+ from ${user} `, 'g'))?.length ?? 0;

const incoming = (frame: RawFrame) => frame.event === 'incoming-session';

describe('accounts of a provider at the gateway', () => {
  it('gateway, sign-in: tells registering and registered, and keeps no digest in the clear', async () => {
    const client = await signIn('alice');
    assert.deepEqual(statesOf(client), [
      ['registering', undefined],
      ['registered', undefined],
    ]);
    const ha1 = createHash('md5').update('alice:provider.test:pw-alice').digest('hex');
    assert.ok(!gateway.signaling.output.includes(ha1) && !gateway.edge.output.includes(ha1));
    assert.equal(gateway.stores(ha1), false);
  });

  it('gateway, second device with the same password: shares the registration', async () => {
    await signIn('carol');
    const requests = requestsOf('carol');
    await signIn('carol');
    assert.equal(requestsOf('carol'), requests);
  });

  it('gateway, second device with a wrong password: fails alone, after a REGISTER that changes nothing', async () => {
    const first = await signIn('dora');
    const mark = provider.mark;
    const second = await signIn('dora', 'wrong', 'failed');
    assert.match(String(statesOf(second).at(-1)?.[1]), /^904/);
    assert.deepEqual(statesOf(first).at(-1), ['registered', undefined]);
    assert.doesNotMatch(provider.process.output.slice(mark), /registered dora/);
  });

  it('gateway, wrong password: can neither call nor be called', async () => {
    const client = await signIn('erik', 'wrong', 'failed');
    const reply = await client.ask({
      ...{ sylkrtc: 'session-create', session: 's1', account: accountOf('erik'), uri: 'bob@provider.test' },
      sdp: 'v=0\r\n',
    });
    assert.equal(reply.error, 'Account not authenticated');
    bob.dial(accountOf('erik'));
    assert.match((await bob.event('CALL_CLOSED')).param, /404/);
    assert.equal(client.frames.find(incoming), undefined);
  });

  it('gateway, provider that is not allowed: is refused in words', async () => {
    const client = await device();
    const reply = await client.add({ address: 'alice@elsewhere.test', password: 'x' });
    assert.equal(reply.error, 'SIP domain not allowed: elsewhere.test');
  });

  it('gateway, call in: all devices ring, and all hear that the caller has given up', async () => {
    const [first, second] = [await signIn('fred'), await signIn('fred')];
    const before = bob.events.filter(({ type }) => type === 'CALL_CLOSED').length;
    bob.dial(accountOf('fred'));
    const rings = await Promise.all([first, second].map((client) => client.next(incoming)));
    assert.equal(rings[0]?.call_id, rings[1]?.call_id);
    assert.deepEqual(
      rings.map(({ originator }) => Object(originator).uri),
      ['bob@provider.test', 'bob@provider.test'],
    );
    bob.command('hangup');
    await bob.event('CALL_CLOSED', 5_000, before);
    const ends = await Promise.all([first, second].map((client) => client.next(({ state }) => state === 'terminated')));
    for (const { reason } of ends) assert.match(String(reason), /^487/);
    await first.next(({ event }) => event === 'missed-session');
  });

  it('gateway, call in while the page is away: the caller hears 480', async () => {
    const client = await signIn('gina');
    client.close();
    await gateway.signaling.says(/a connection is closed/, 5_000);
    const before = bob.events.filter(({ type }) => type === 'CALL_CLOSED').length;
    bob.dial(accountOf('gina'));
    assert.match((await bob.event('CALL_CLOSED', 5_000, before)).param, /480/);
  });

  it('gateway, sign-out of the last device: takes the binding back, but not before', async () => {
    const [first, second] = [await signIn('hans'), await signIn('hans')];
    const mark = provider.mark;
    await first.ask({ sylkrtc: 'account-unregister', account: accountOf('hans') });
    assert.doesNotMatch(provider.process.output.slice(mark), /registered hans/);
    await second.ask({ sylkrtc: 'account-remove', account: accountOf('hans') });
    await provider.says(/registered hans expires 0/, 5_000, mark);
  });

  it('gateway, signaling restarted: the page that comes back finds its account registered', async () => {
    await signIn('ines');
    const requests = requestsOf('ines');
    await gateway.restart('signaling');
    await signIn('ines');
    assert.equal(requestsOf('ines'), requests);
  });

  it('gateway, edge killed: the account is registered again by itself, and can be called', async () => {
    const client = await signIn('jana');
    const mark = provider.mark;
    await gateway.restart('edge', 'SIGKILL');
    await provider.says(/registered jana/, 15_000, mark);
    bob.dial(accountOf('jana'));
    await client.next(incoming);
    bob.command('hangup');
  });
});
