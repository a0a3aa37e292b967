/** Two baresip phones joined by the gateway's SIP and media. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { causeOf } from '../../media-edge/src/call/end-cause.ts';
import type { PlainTransport } from '../../media-edge/src/ports/sfu.ts';
import { Baresip, type BaresipOptions } from '../peers/baresip.ts';
import { Switchboard } from '../peers/switchboard.ts';

let gateway: Switchboard;
before(async () => {
  gateway = await Switchboard.open();
});
after(() => gateway?.close());

/** Runs with a caller of 440 Hz and a called of 1 kHz, who is reached as `bob`. */
async function withPhones(
  caller: BaresipOptions,
  called: BaresipOptions,
  work: (alice: Baresip, bob: Baresip) => Promise<void>,
): Promise<void> {
  const alice = await Baresip.start({ user: 'alice', toneHz: 440, ...caller });
  try {
    const bob = await Baresip.start({ user: 'bob', toneHz: 1000, ...called });
    try {
      gateway.lines.set('bob', bob.uri);
      await work(alice, bob);
    } finally {
      await bob.stop();
    }
  } finally {
    await alice.stop();
  }
}

const talk = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a peer sent to this transport in a time. */
async function packetsIn(transport: PlainTransport, ms: number): Promise<number> {
  const before = await transport.stats();
  await talk(ms);
  return (await transport.stats()).packetsIn - before.packetsIn;
}

/** 50 packets of 20 ms are a second; a busy machine may be late with some. */
const isFlowing = (packets: number): boolean => packets > 35;

const near = (heard: number | undefined, hz: number) =>
  assert.ok(heard !== undefined && Math.abs(heard - hz) < hz * 0.02, `heard ${heard} Hz, expected ${hz}`);

describe('two phones', () => {
  for (const codecs of ['PCMU/8000/1', 'PCMA/8000/1', 'G722/16000/1', 'opus/48000/2']) {
    test(`talk in ${codecs}, and the caller hangs up`, async () => {
      await withPhones({ codecs }, { codecs }, async (alice, bob) => {
        alice.dial(gateway.address('bob'));
        await Promise.all([alice.event('CALL_ESTABLISHED'), bob.event('CALL_ESTABLISHED')]);
        await talk(2_500);
        alice.command('hangup');
        await bob.event('CALL_CLOSED');
        near(await alice.heardHz(), 1000);
        near(await bob.heardHz(), 440);
      });
    });
  }

  test('talk over TCP on both sides', async () => {
    await withPhones({}, {}, async (alice, bob) => {
      gateway.lines.set('bob', `${bob.uri};transport=tcp`);
      alice.dial(`${gateway.address('bob')};transport=tcp`);
      await Promise.all([alice.event('CALL_ESTABLISHED'), bob.event('CALL_ESTABLISHED')]);
      await talk(1_500);
      bob.command('hangup');
      await alice.event('CALL_CLOSED');
      near(await alice.heardHz(), 1000);
      near(await bob.heardHz(), 440);
      assert.deepEqual(gateway.ended.at(-1)?.code, 200);
    });
  });

  test('ring until the called answers', async () => {
    await withPhones({}, { answers: 'manual' }, async (alice, bob) => {
      alice.dial(gateway.address('bob'));
      await Promise.all([alice.event('CALL_RINGING'), bob.event('CALL_INCOMING')]);
      bob.command('accept');
      await alice.event('CALL_ESTABLISHED');
      alice.command('hangup');
      await bob.event('CALL_CLOSED');
    });
  });

  test('the called declines, and the caller reads why', async () => {
    await withPhones({}, { answers: 'manual' }, async (alice, bob) => {
      alice.dial(gateway.address('bob'));
      await bob.event('CALL_INCOMING');
      bob.command('hangup');
      assert.match((await alice.event('CALL_CLOSED')).param, /^4\d\d /);
    });
  });

  test('the caller gives up while it rings', async () => {
    await withPhones({}, { answers: 'manual' }, async (alice, bob) => {
      alice.dial(gateway.address('bob'));
      await Promise.all([alice.event('CALL_RINGING'), bob.event('CALL_INCOMING')]);
      alice.command('hangup');
      await bob.event('CALL_CLOSED');
      assert.equal(gateway.ended.at(-1)?.code, 487);
    });
  });

  test('the called holds and resumes: nothing flows, then everything again', async () => {
    await withPhones({}, {}, async (alice, bob) => {
      alice.dial(gateway.address('bob'));
      await Promise.all([alice.event('CALL_ESTABLISHED'), bob.event('CALL_ESTABLISHED')]);
      const [first, second] = gateway.transports.slice(-2);
      assert.ok(first !== undefined && second !== undefined);
      const flow = () => Promise.all([packetsIn(first, 1_000), packetsIn(second, 1_000)]);
      await talk(300);
      assert.deepEqual((await flow()).map(isFlowing), [true, true]);
      bob.command('hold');
      await gateway.saw('a=sendonly', 'gateway');
      await talk(300);
      assert.deepEqual(await flow(), [0, 0]);
      bob.command('resume');
      await talk(500);
      assert.deepEqual((await flow()).map(isFlowing), [true, true]);
      alice.command('hangup');
      await bob.event('CALL_CLOSED');
    });
  });

  test('digits pressed at one are heard at the other', async () => {
    await withPhones({}, {}, async (alice, bob) => {
      alice.dial(gateway.address('bob'));
      await Promise.all([alice.event('CALL_ESTABLISHED'), bob.event('CALL_ESTABLISHED')]);
      await talk(300);
      alice.command('sndcode', '7');
      await bob.process.says(/received event: '7'/);
      alice.command('hangup');
      await bob.event('CALL_CLOSED');
    });
  });
});

for (const [code, phrase] of [
  [404, 'Not Found'],
  [410, 'Gone'],
  [480, 'Temporarily Unavailable'],
  [486, 'Busy Here'],
] as const) {
  test(`a phone that calls an address reads ${code} ${phrase}`, async () => {
    await withPhones({}, {}, async (alice) => {
      gateway.lines.set('bob', causeOf(code, 'callee'));
      alice.dial(gateway.address('bob'));
      assert.equal((await alice.event('CALL_CLOSED')).param, `${code} ${phrase}`);
    });
  });
}
