import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import { Kamailio } from '../peers/kamailio.ts';
import { ProbeClient } from '../probe/probe-client.ts';

/** A lost lease is found within 10 s, and its registrations follow, in ms; the machine may be slow. */
const movedMs = 40_000;

describe('an account elsewhere in the cloud', () => {
  let provider: Kamailio;
  let cloud: Cloud;
  let carol: ProbeClient;

  before(async () => {
    provider = await Kamailio.start();
    const settings = { SYLK_FOREIGN_ACCOUNTS: `provider.test=${provider.uri}` };
    cloud = await startCloud({ edges: 1, settings });
    carol = new ProbeClient(cloud.origin);
  });

  after(async () => {
    carol?.close();
    await cloud?.stop();
    await provider?.stop();
  });

  it('is registered at its provider through an edge, and its password lies sealed in the table', async () => {
    await carol.signIn({ address: 'carol@provider.test', password: 'pw-carol' });
    await provider.says(/registered carol/);
    const stored = JSON.stringify(await cloud.table.items(cloud.deployment.table.ref));
    assert.match(stored, /carol@provider\.test/);
    assert.doesNotMatch(stored, /pw-carol/);
  });

  it('is registered again through another edge when its own is killed, without its client being asked', async () => {
    const [first] = cloud.edges;
    await cloud.addEdge();
    const { mark } = provider;
    const { sockets } = carol;
    await first?.process.stop('SIGKILL');
    await provider.says(/registered carol/, movedMs, mark);
    assert.equal(carol.sockets, sockets);
  });

  it('with a wrong password is told so, and is not registered', async () => {
    const { mark } = provider;
    const stranger = new ProbeClient(cloud.origin);
    after(() => stranger.close());
    const refused = stranger.seen(({ event, state }) => event === 'registration-state' && state === 'failed');
    const signingIn = stranger.signIn({ address: 'dave@provider.test', password: 'wrong' });
    signingIn.catch(() => undefined);
    assert.match(String((await refused).reason), /^904/);
    assert.doesNotMatch(provider.process.output.slice(mark), /registered dave/);
  });

  it('of a provider that is not named is refused', async () => {
    const other = new ProbeClient(cloud.origin);
    after(() => other.close());
    await assert.rejects(
      other.ask({ sylkrtc: 'account-add', account: 'erin@other.test', password: 'x' }),
      /SIP domain not allowed: other\.test/,
    );
  });
});
