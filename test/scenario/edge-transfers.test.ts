/** One side of a call is handed on to somebody else, by a page or by a phone. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sessionId } from '@sylk/protocol/ids.ts';
import { causeOf, normalEnd } from '../../media-edge/src/call/end-cause.ts';
import type { TransferTarget } from '../../media-edge/src/call/transfer.ts';
import { fixture } from '../../media-edge/src/sdp/fixtures.ts';
import { EdgeWorld, reasonAt } from '../fakes/edge-world.ts';
import { settle } from '../fakes/fake-clock.ts';
import { dialled, phone, talking } from '../fakes/transfer-world.ts';

const sendsOn = (world: EdgeWorld, uri: string) =>
  world.asks('alice', { sylkrtc: 'session-transfer', session: 's-alice', uri });
const transfers = (world: EdgeWorld) => world.saw('alice').filter((line) => line.startsWith('transfer'));
const elsewhere = (uri: string, mayLeave = true): TransferTarget => ({ kind: 'address', uri, headers: [], mayLeave });

describe('a page hands its partner on', () => {
  test('to a phone, which answers: the two are joined with the codec in use, the page is out', async () => {
    const { world, bob } = await talking();
    await sendsOn(world, 'carol@phones.example');
    const carol = dialled(world, 1);
    assert.deepEqual(
      carol.offer?.lines.map(({ codecs }) => codecs.map(({ mimeType }) => mimeType)),
      [['audio/PCMU', 'audio/telephone-event']],
    );
    carol.says({ kind: 'ringing' });
    carol.says({ kind: 'answered', ...phone('carol') });
    await settle();
    assert.deepEqual(transfers(world), ['transfer trying', 'transfer ringing', 'transfer accepted']);
    assert.equal(reasonAt(world, 'alice'), '200 Transferred');
    assert.ok(bob.told.includes('connect carol-audio'));
    assert.ok(bob.told.includes('transferred to carol@phones.example'));
    assert.deepEqual(carol.told, ['start', 'connect bob-audio']);
    assert.ok(!bob.told.some((line) => line.startsWith('end')));
    bob.says({ kind: 'ended', cause: normalEnd('caller') });
    await settle();
    assert.equal(carol.told.at(-1), 'end 200 OK');
    assert.deepEqual([world.exchange.size, world.sfu.routers.map((router) => router.isClosed)], [0, [true]]);
  });

  test('on her own account: the new call is from her', async () => {
    const { world } = await talking();
    await sendsOn(world, 'carol@phones.example');
    assert.equal(world.sip.dialled[1]?.options.from.aor, 'alice@sylk.test');
  });

  test('to a phone that is busy: told so, and the call goes on', async () => {
    const { world, bob } = await talking();
    await sendsOn(world, 'carol@phones.example');
    dialled(world, 1).says({ kind: 'ended', cause: causeOf(486, 'callee') });
    await settle();
    assert.deepEqual(transfers(world), ['transfer trying', 'transfer failed']);
    bob.says({ kind: 'dtmf', digit: '5', durationMs: 100 });
    await settle();
    assert.equal(world.saw('alice').at(-1), 'dtmf');
    await world.hangsUp('alice');
    assert.equal(bob.told.at(-1), 'end 200 OK');
    assert.equal(world.exchange.size, 0);
  });

  test('and hangs up at once: the partner waits alone, and is joined', async () => {
    const { world, bob } = await talking();
    await sendsOn(world, 'carol@phones.example');
    await world.hangsUp('alice');
    assert.ok(!bob.told.some((line) => line.startsWith('end')));
    const carol = dialled(world, 1);
    carol.says({ kind: 'answered', ...phone('carol') });
    await settle();
    assert.ok(bob.told.includes('connect carol-audio') && carol.told.includes('connect bob-audio'));
    carol.says({ kind: 'ended', cause: normalEnd('callee') });
    await settle();
    assert.equal(bob.told.at(-1), 'end 200 OK');
    assert.equal(world.exchange.size, 0);
  });

  test('and hangs up at once, but nobody answers: the partner hears why', async () => {
    const { world, bob } = await talking();
    await sendsOn(world, 'carol@phones.example');
    await world.hangsUp('alice');
    dialled(world, 1).says({ kind: 'ended', cause: causeOf(480, 'callee') });
    await settle();
    assert.equal(bob.told.at(-1), 'end 480 Temporarily Unavailable');
    assert.equal(world.exchange.size, 0);
  });

  test('and the partner hangs up meanwhile: nobody is called any more', async () => {
    const { world, bob } = await talking();
    await sendsOn(world, 'carol@phones.example');
    bob.says({ kind: 'ended', cause: normalEnd('callee') });
    await settle();
    assert.equal(dialled(world, 1).told.at(-1), 'end 200 OK');
    assert.equal(reasonAt(world, 'alice'), '200 OK');
    assert.equal(world.exchange.size, 0);
  });

  test('to echo: he gets back what he says, and nothing of her is left', async () => {
    const { world, bob } = await talking();
    bob.told.length = 0;
    await sendsOn(world, 'echo@sylk.test');
    assert.ok(bob.told.includes('transferred to echo@sylk.test'));
    assert.deepEqual(bob.told.filter((line) => line.startsWith('connect')).at(-1), 'connect bob-audio');
  });

  test('to the partner of her other call: both calls end for her, the two talk', async () => {
    const { world, bob } = await talking();
    await world.asks('alice', {
      sylkrtc: 'session-create',
      session: 's-2',
      account: 'alice@sylk.test',
      uri: 'carol@phones.example',
      sdp: fixture('chromium-av-offer'),
    });
    const carol = dialled(world, 1);
    carol.says({ kind: 'answered', ...phone('carol') });
    await settle();
    await world.asks('alice', { sylkrtc: 'session-transfer', session: 's-alice', replaces_session: 's-2' });
    assert.ok(bob.told.includes('connect carol-audio') && carol.told.includes('connect bob-audio'));
    assert.equal(world.saw('alice').filter((line) => line === 'state terminated').length, 2);
    assert.deepEqual(
      world.sfu.routers.map((router) => router.isClosed),
      [false, false],
    );
    carol.says({ kind: 'ended', cause: normalEnd('callee') });
    await settle();
    assert.equal(bob.told.at(-1), 'end 200 OK');
    assert.deepEqual(
      world.sfu.routers.map((router) => router.isClosed),
      [true, true],
    );
  });

  test('to a call that there is not, to nobody, or twice: refused, the call goes on', async () => {
    const { world } = await talking();
    await world.asks('alice', { sylkrtc: 'session-transfer', session: 's-alice', replaces_session: 's-9' });
    assert.deepEqual(transfers(world), ['transfer failed']);
    await sendsOn(world, 'carol@phones.example');
    await sendsOn(world, 'dave@phones.example');
    assert.deepEqual(transfers(world), ['transfer failed', 'transfer trying', 'transfer failed']);
    assert.equal(world.sip.dialled.length, 2);
  });

  test('before the call is answered: refused by its state', async () => {
    const world = new EdgeWorld();
    world.signsIn('alice');
    await world.calls('alice', 'bob@phones.example');
    const transaction = await sendsOn(world, 'carol@phones.example');
    assert.equal(
      world.saw('alice').at(-1),
      `error ${transaction}: Invalid state for transferring session s-alice: progress`,
    );
  });
});

describe('a page hands a page on', () => {
  async function pages() {
    const world = new EdgeWorld();
    for (const name of ['alice', 'bob', 'carol']) world.signsIn(name);
    await world.calls('alice', 'bob@sylk.test');
    await world.answers('bob');
    await settle();
    return world;
  }

  test('to another page, which rings in his name and answers: the two are joined', async () => {
    const world = await pages();
    await sendsOn(world, 'carol@sylk.test');
    assert.equal(world.ringing('carol').originator.uri, 'bob@sylk.test');
    await world.answers('carol');
    await settle();
    assert.equal(reasonAt(world, 'alice'), '200 Transferred');
    assert.ok(world.saw('bob').includes('transferred'));
    await world.hangsUp('carol', world.ringing('carol').session);
    assert.equal(reasonAt(world, 'bob'), '200 OK');
    assert.equal(world.exchange.size, 0);
  });

  test('to a phone: the call there is from her who asked, not from him', async () => {
    const world = await pages();
    await sendsOn(world, 'dave@phones.example');
    assert.equal(world.sip.dialled[0]?.options.from.aor, 'alice@sylk.test');
  });
});

describe('a phone hands the page on', () => {
  test('to an address of ours: the page hears who it talks to, the phone hears how it goes', async () => {
    const { world, bob } = await talking();
    world.signsIn('carol');
    bob.says({ kind: 'transferAsked', to: elsewhere('carol@sylk.test', false) });
    await settle();
    assert.equal(world.ringing('carol').originator.uri, 'alice@sylk.test');
    assert.equal(world.ringing('carol').verified, true);
  });

  test('to the world: only where the phone is trusted', async () => {
    const { world, bob } = await talking();
    bob.says({ kind: 'transferAsked', to: elsewhere('dave@phones.example', false) });
    await settle();
    assert.equal(bob.told.at(-1), 'transfer failed 403');
    bob.says({ kind: 'transferAsked', to: elsewhere('dave@phones.example') });
    await settle();
    dialled(world, 1).says({ kind: 'answered', ...phone('dave') });
    await settle();
    assert.deepEqual(
      bob.told.filter((line) => /^(transfer|end)/.test(line)),
      ['transfer failed 403', 'transfer trying', 'transfer accepted', 'end 200 Transferred'],
    );
    assert.ok(world.saw('alice').includes('transferred'));
    await world.hangsUp('alice');
    assert.equal(dialled(world, 1).told.at(-1), 'end 200 OK');
  });

  test('to a number: refused, as nobody knows whose allowance it would be', async () => {
    const { world, bob } = await talking();
    bob.says({ kind: 'transferAsked', to: elsewhere('+431234567@sylk.test') });
    await settle();
    assert.equal(bob.told.at(-1), 'transfer failed 403');
    assert.equal(world.sip.dialled.length, 1);
  });

  test('to the partner of another call that it has with us', async () => {
    const { world, bob } = await talking();
    world.signsIn('carol');
    await world.calls('carol', 'bob@phones.example');
    const second = dialled(world, 1);
    second.says({ kind: 'answered', ...phone('bob-2') });
    await settle();
    bob.says({ kind: 'transferAsked', to: { kind: 'leg', leg: second.id } });
    await settle();
    assert.equal(bob.told.at(-1), 'end 200 Transferred');
    assert.equal(second.told.at(-1), 'end 200 Transferred');
    assert.ok(world.saw('alice').includes('transferred'));
    await world.hangsUp('carol');
    assert.equal(reasonAt(world, 'alice'), '200 OK');
    assert.equal(world.exchange.size, 0);
  });
});

test('a session id is that of the client: another one cannot join calls of hers', async () => {
  const { world } = await talking();
  world.signsIn('mallory');
  await world.calls('mallory', 'dave@phones.example');
  dialled(world, 1).says({ kind: 'answered', ...phone('dave') });
  await settle();
  await world.asks('mallory', {
    sylkrtc: 'session-transfer',
    session: sessionId('s-mallory'),
    replaces_session: 's-alice',
  });
  assert.ok(world.saw('mallory').includes('transfer failed'));
  assert.ok(!world.saw('alice').includes('transferred'));
});
