/** Calls of an account elsewhere, through a Kamailio that is its provider. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import { providerAccount } from '../../peers/elsewhere.ts';
import { Kamailio } from '../../peers/kamailio.ts';
import type { KamailioOptions } from '../../peers/kamailio-config.ts';
import { Switchboard } from '../../peers/switchboard.ts';

let gateway: Switchboard;
/** A phone of somebody at our side, who calls in the name of alice@provider.test. */
let own: Baresip;

before(async () => {
  gateway = await Switchboard.open({ t1Ms: 100 });
  own = await phone(`sip:127.0.0.1:${gateway.port}`, 'alice', { toneHz: 440, answers: 'auto' });
});

after(async () => {
  await own?.stop();
  await gateway?.close();
});

/** A phone with an address of the provider's, behind this proxy. */
const phone = (proxy: string, user: string, options: BaresipOptions = {}, everySec = 0): Promise<Baresip> =>
  Baresip.start({
    ...options,
    user,
    registers: { aor: `${user}@provider.test`, everySec },
    account: `auth_user=${user};auth_pass=pw-${user};outbound="${proxy}"`,
  });

interface Scene {
  readonly provider: Kamailio;
  /** Somebody else's phone, registered at the provider. */
  readonly bob: Baresip;
  readonly contact: string;
}

/** Alice is registered at a provider by the gateway, Bob by himself. */
async function atProvider(
  options: KamailioOptions,
  bobs: BaresipOptions,
  work: (scene: Scene) => Promise<void>,
  transport = '',
): Promise<void> {
  const provider = await Kamailio.start(options);
  const account = providerAccount('alice', provider.realm, {
    proxy: `${provider.uri}${transport}`,
    algorithms: ['MD5', 'SHA-256'],
  });
  const bob = await phone(provider.uri, 'bob', { toneHz: 1000, ...bobs }, options.algorithm === undefined ? 600 : 0);
  try {
    const isRegistered = Promise.withResolvers<void>();
    gateway.endpoint.registrations.onState((_aor, _credentials, { state }) => {
      if (state === 'registered') isRegistered.resolve();
      else isRegistered.reject(new Error('alice could not be registered'));
    });
    gateway.endpoint.registrations.register(account);
    await isRegistered.promise;
    // Its own event may come before anybody listens to it.
    if (options.algorithm === undefined) await provider.says(/registered bob/);
    gateway.lines.set('to-bob', 'bob@provider.test');
    gateway.lines.set('to-nobody', 'nobody@provider.test');
    gateway.lines.set(account.contact, own.uri);
    await work({ provider, bob, contact: account.contact });
  } finally {
    gateway.endpoint.registrations.unregister(account.aor);
    await bob.stop();
    await provider.stop();
  }
}

const calls = (line: string) => own.dial(gateway.address(line));
const ended = (who: Baresip) => who.events.filter(({ type }) => type === 'CALL_CLOSED').length;
const talk = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const near = (heard: number | undefined, hz: number) =>
  assert.ok(heard !== undefined && Math.abs(heard - hz) < hz * 0.02, `heard ${heard} Hz, expected ${hz}`);

/** Both ends have the call; those of `own` that were before do not count. */
const isUp = async (bob: Baresip, before: number) => {
  await Promise.all([bob.event('CALL_ESTABLISHED'), own.event('CALL_ESTABLISHED', 10_000, before)]);
};

const established = () => own.events.filter(({ type }) => type === 'CALL_ESTABLISHED').length;

describe('calls through a provider', () => {
  it('uac, INVITE with 407: is proved, Record-Routed, heard both ways, and ended by the caller', () =>
    atProvider({}, {}, async ({ provider, bob }) => {
      const [before, closed] = [established(), ended(own)];
      calls('to-bob');
      await isUp(bob, before);
      await talk(900);
      own.command('hangup');
      await bob.event('CALL_CLOSED');
      await own.event('CALL_CLOSED', 5_000, closed);
      near(await bob.heardHz(), 440);
      near(await own.heardHz(), 1000);
      assert.match(provider.process.output, /challenged INVITE of alice/);
      assert.match(provider.process.output, /proven ACK of alice/, 'the ACK has the credentials of its INVITE');
      assert.match(provider.process.output, /request BYE/, 'the BYE went through the provider');
    }));

  it('uac, INVITE with 407 and SHA-256: the provider lets it through, and knows nobody there', () =>
    atProvider({ algorithm: 'SHA-256' }, {}, async ({ provider }) => {
      const closed = ended(own);
      calls('to-nobody');
      const { param } = await own.event('CALL_CLOSED', 5_000, closed);
      assert.match(param, /404/);
      assert.match(provider.process.output, /challenged INVITE of alice[\s\S]*nobody at sip:nobody@provider.test/);
    }));

  it('uac, proxy without Record-Route: the BYE finds its own way', () =>
    atProvider({ recordRoute: false }, {}, async ({ provider, bob }) => {
      const before = established();
      calls('to-bob');
      await isUp(bob, before);
      own.command('hangup');
      await bob.event('CALL_CLOSED');
      assert.doesNotMatch(provider.process.output, /request BYE/);
    }));

  it('uac, challenged BYE: is proved with the next CSeq, and the other side hears the end', () =>
    atProvider({ challengesInDialog: true }, {}, async ({ provider, bob }) => {
      const before = established();
      calls('to-bob');
      await isUp(bob, before);
      own.command('hangup');
      await bob.event('CALL_CLOSED');
      assert.match(provider.process.output, /challenged BYE of alice/);
    }));

  it('uac, challenged re-INVITE: hold reaches the other side', () =>
    atProvider({ challengesInDialog: true }, {}, async ({ provider, bob }) => {
      const before = established();
      calls('to-bob');
      await isUp(bob, before);
      own.command('hold');
      await provider.says(/challenged INVITE of alice[\s\S]*challenged INVITE of alice/);
      await gateway.saw('a=sendonly', 'gateway');
      own.command('hangup');
      await bob.event('CALL_CLOSED');
    }));

  it('uac, the called declines: the caller hears the code that came through the provider', () =>
    atProvider({}, { answers: 'manual' }, async ({ bob }) => {
      const closed = ended(own);
      calls('to-bob');
      await bob.event('CALL_INCOMING');
      bob.command('hangup');
      const { param } = await own.event('CALL_CLOSED', 5_000, closed);
      assert.match(param, /486|603/);
    }));

  it('uac, CANCEL after a proved INVITE: stops the ringing', () =>
    atProvider({}, { answers: 'manual' }, async ({ provider, bob }) => {
      calls('to-bob');
      await bob.event('CALL_INCOMING');
      own.command('hangup');
      await bob.event('CALL_CLOSED');
      assert.match(provider.process.output, /request CANCEL/);
    }));

  it('uas, INVITE to the registered Contact: rings here, is heard both ways, and ended by the caller', () =>
    atProvider({}, {}, async ({ provider, bob }) => {
      const [before, closed] = [established(), ended(own)];
      bob.dial('alice@provider.test');
      await isUp(bob, before);
      await talk(900);
      bob.command('hangup');
      await own.event('CALL_CLOSED', 5_000, closed);
      await bob.event('CALL_CLOSED');
      near(await bob.heardHz(), 440);
      near(await own.heardHz(), 1000);
      assert.match(provider.process.output, /request INVITE sip:alice@provider.test/);
    }));

  it('uas, BYE of ours is challenged by the provider: is proved as the account that was called', () =>
    atProvider({ challengesInDialog: true }, {}, async ({ provider, bob }) => {
      const before = established();
      bob.dial('alice@provider.test');
      await isUp(bob, before);
      own.command('hangup');
      await bob.event('CALL_CLOSED');
      assert.match(provider.process.output, /challenged BYE of alice/);
    }));

  it('uas, the caller gives up: the ringing ends here', () =>
    atProvider({}, {}, async ({ bob, contact }) => {
      const waiting = await Baresip.start({ user: 'waiting', answers: 'manual' });
      gateway.lines.set(contact, waiting.uri);
      bob.dial('alice@provider.test');
      await waiting.event('CALL_INCOMING');
      bob.command('hangup');
      await waiting.event('CALL_CLOSED');
      await waiting.stop();
    }));

  it('uas, nobody takes it: the caller hears the code through the provider', () =>
    atProvider({}, {}, async ({ bob, contact }) => {
      gateway.lines.set(contact, { code: 480, phrase: 'Temporarily Unavailable', by: 'callee' });
      bob.dial('alice@provider.test');
      assert.match((await bob.event('CALL_CLOSED')).param, /480/);
    }));

  it('uac and uas over TCP: the account is registered, called and calls by one connection', () =>
    atProvider(
      {},
      {},
      async ({ provider, bob }) => {
        assert.match(provider.process.output, /request REGISTER sip:provider.test from alice by tcp/);
        const before = established();
        bob.dial('alice@provider.test');
        await isUp(bob, before);
        bob.command('hangup');
        await bob.event('CALL_CLOSED');
        calls('to-bob');
        await bob.event('CALL_ESTABLISHED', 10_000, 1);
        own.command('hangup');
        await bob.event('CALL_CLOSED', 5_000, 1);
        assert.match(provider.process.output, /request INVITE sip:bob@provider.test from alice by tcp/);
      },
      ';transport=tcp',
    ));

  it('uas, INVITE to a Contact that was signed out: is not found', () =>
    atProvider({}, {}, async ({ provider, bob, contact }) => {
      gateway.endpoint.registrations.unregister(providerAccount('alice', provider.realm).aor);
      await provider.says(/registered alice expires 0/);
      gateway.lines.delete(contact);
      bob.dial('alice@provider.test');
      assert.match((await bob.event('CALL_CLOSED')).param, /404/);
    }));
});
