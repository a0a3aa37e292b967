/** Encryption by SDES with phones that we did not write: each test is a caller, the gateway, and a called phone. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { PlainTransport } from '../../../media-edge/src/ports/sfu.ts';
import type { MediaPolicy } from '../../../media-edge/src/sip/media/media-policy.ts';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import { Switchboard } from '../../peers/switchboard.ts';

/** Requires RTP/SAVP; takes keys in RTP/AVP; requires RTP/SAVPF. */
const savp: BaresipOptions = { account: 'mediaenc=srtp-mand' };
const avpWithKeys: BaresipOptions = { account: 'mediaenc=srtp' };
const savpf: BaresipOptions = { account: 'mediaenc=srtp-mandf' };

let gateway: Switchboard;
let phones: Baresip[] = [];
afterEach(async () => {
  await Promise.all(phones.map((phone) => phone.stop()));
  phones = [];
  gateway.ladder.length = 0;
});

/** Starts a caller of 440 Hz and a called of 1 kHz, and dials. */
async function dialled(caller: BaresipOptions, called: BaresipOptions): Promise<{ alice: Baresip; bob: Baresip }> {
  const [alice, bob] = await Promise.all([
    Baresip.start({ user: 'alice', toneHz: 440, ...caller }),
    Baresip.start({ user: 'bob', toneHz: 1000, ...called }),
  ]);
  phones = [alice, bob];
  gateway.lines.set('bob', bob.uri);
  alice.dial(gateway.address('bob'));
  return { alice, bob };
}

/** Both get through, and both hear the other's tone. */
async function talks(caller: BaresipOptions, called: BaresipOptions): Promise<void> {
  const { alice, bob } = await dialled(caller, called);
  await Promise.all([alice.event('CALL_ESTABLISHED'), bob.event('CALL_ESTABLISHED')]);
  await hearEachOther(alice, bob);
}

async function hearEachOther(alice: Baresip, bob: Baresip): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  alice.command('hangup');
  await bob.event('CALL_CLOSED');
  near(await alice.heardHz(), 1000);
  near(await bob.heardHz(), 440);
}

const near = (heard: number | undefined, hz: number) =>
  assert.ok(heard !== undefined && Math.abs(heard - hz) < hz * 0.02, `heard ${heard} Hz, expected ${hz}`);

/** Packets of the peer come, and are its own: others are not counted. */
async function hearsMore(transport: PlainTransport): Promise<void> {
  const { packetsIn } = await transport.stats();
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await transport.stats()).packetsIn > packetsIn + 20) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('nothing of the peer could be decrypted within 5 s');
}

/** The descriptions that we sent with messages of this kind. */
const sent = (label: string) =>
  gateway.ladder.filter((entry) => entry.from === 'gateway' && entry.label === label).map(({ detail }) => detail ?? '');

const withPolicy = (policy: MediaPolicy) => async () => {
  gateway = await Switchboard.open({}, policy);
};

describe('without a setting', () => {
  before(withPolicy({}));
  after(() => gateway.close());

  it('caller wants RTP/SAVP, called takes plain RTP: each gets what it wants', async () => {
    await talks(savp, {});
    assert.match(sent('200 OK')[0] ?? '', /m=audio \d+ RTP\/SAVP /);
    assert.match(sent('INVITE')[0] ?? '', /m=audio \d+ RTP\/AVP /);
  });

  it('caller wants RTP/SAVPF: answered in that profile', async () => {
    await talks(savpf, {});
    assert.match(sent('200 OK')[0] ?? '', /m=audio \d+ RTP\/SAVPF /);
  });

  it('caller offers keys beside plain RTP: they are taken', async () => {
    await talks(avpWithKeys, {});
    assert.match(sent('200 OK')[0] ?? '', /m=audio \d+ RTP\/AVP [\s\S]*a=crypto:1 AES_CM_128_HMAC_SHA1_80/);
  });

  it('called refuses plain RTP with 488: it is offered RTP/SAVP, and takes it', async () => {
    await talks({}, savp);
    assert.deepEqual(
      sent('INVITE').map((invite) => /m=audio \d+ (\S+)/.exec(invite)?.[1]),
      ['RTP/AVP', 'RTP/SAVP'],
    );
  });

  it('called answers plain RTP with a key that nobody asked for: the call goes on in clear', async () => {
    await talks({}, avpWithKeys);
    assert.equal(sent('INVITE').length, 1);
  });

  it('both want encryption: each has keys of its own, and no key is in the ladder', async () => {
    await talks(savp, savp);
    const text = gateway.ladder.map(({ detail }) => detail ?? '').join('\n');
    assert.match(text, /a=crypto:1 AES_CM_128_HMAC_SHA1_80 \(left out\)/);
    assert.doesNotMatch(text, /inline:/);
  });

  it('called holds and resumes: the keys and the streams go on', async () => {
    const { alice, bob } = await dialled(savp, savp);
    await Promise.all([alice.event('CALL_ESTABLISHED'), bob.event('CALL_ESTABLISHED')]);
    bob.command('hold');
    await gateway.saw('a=sendonly', 'gateway');
    bob.command('resume');
    await alice.event('CALL_REMOTE_SDP', 5_000, 2);
    await Promise.all(gateway.transports.slice(-2).map(hearsMore));
    alice.command('hangup');
    await bob.event('CALL_CLOSED');
  });

  it('encrypted pictures in H.264 reach both', async () => {
    const { alice, bob } = await dialled({ ...savp, video: ['H264'] }, { ...savp, video: ['H264'] });
    await Promise.all([alice, bob].map((phone) => phone.process.says(/receiving with resolution 352 x 288/)));
    assert.equal(gateway.transports.length >= 4, true);
    alice.command('hangup');
    await bob.event('CALL_CLOSED');
  });
});

describe('SYLK_SIP_SRTP=optional', () => {
  before(withPolicy({ encryption: 'optional' }));
  after(() => gateway.close());

  it('called takes keys beside plain RTP: sound is encrypted at the first try', async () => {
    await talks({}, avpWithKeys);
    assert.equal(sent('INVITE').length, 1);
    assert.match(sent('INVITE')[0] ?? '', /RTP\/AVP [\s\S]*a=crypto:1 AES_CM_128_HMAC_SHA1_80/);
  });

  it('called knows no keys: it passes them over', async () => {
    await talks({}, {});
    assert.equal(sent('INVITE').length, 1);
  });
});

describe('SYLK_SIP_SRTP=required', () => {
  before(withPolicy({ encryption: 'required' }));
  after(() => gateway.close());

  it('caller with plain RTP is refused with 488 that says so', async () => {
    const { alice } = await dialled({}, savp);
    assert.match((await alice.event('CALL_CLOSED')).param, /^488 /);
    assert.match(alice.process.output, /session closed: 488/);
  });

  it('called with plain RTP only: one offer, and the call ends with its 488', async () => {
    const { alice } = await dialled(savp, {});
    assert.match((await alice.event('CALL_CLOSED')).param, /^488 /);
    assert.equal(sent('INVITE').length, 1);
  });

  it('both have keys: they talk', async () => {
    await talks(savp, savp);
  });
});

describe('SYLK_SIP_SRTP=off', () => {
  before(withPolicy({ encryption: 'off' }));
  after(() => gateway.close());

  it('called insists on encryption: the call ends with its 488 after one offer', async () => {
    const { alice } = await dialled({}, savp);
    assert.match((await alice.event('CALL_CLOSED')).param, /^488 /);
    assert.equal(sent('INVITE').length, 1);
  });
});
