import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { FakeSfu } from '../../../test/fakes/fake-sfu.ts';
import { MediaWatch } from './media-watch.ts';

async function bench() {
  const clock = new FakeClock();
  const transport = await (await new FakeSfu({ isUpAfterConnect: false }).createRouter([])).createBrowserTransport();
  const told: string[] = [];
  const watch = new MediaWatch({
    transport,
    clock,
    trace: () => undefined,
    onUp: () => told.push('up'),
    onLost: () => told.push('lost'),
    onFailed: (cause) => told.push(`${cause.code} ${cause.phrase}`),
  });
  return { clock, transport, told, watch };
}

test('media that are up before the descriptions are exchanged are told then', async () => {
  const { transport, told, watch } = await bench();
  transport.tellState('up');
  assert.deepEqual(told, []);
  watch.start();
  assert.deepEqual(told, ['up']);
});

test('half a minute without media is a failure; lost ones may come back', async () => {
  const { clock, transport, told, watch } = await bench();
  watch.start();
  await clock.advance(29_000);
  transport.tellState('up');
  transport.tellState('lost');
  await clock.advance(60_000);
  transport.tellState('up');
  assert.deepEqual(told, ['up', 'lost', 'up']);
});

test('each failure is told once, and names itself', async () => {
  const silent = await bench();
  silent.watch.start();
  await silent.clock.advance(40_000);
  assert.deepEqual(silent.told, ['408 ICE failed']);
  const dtls = await bench();
  dtls.transport.tellState('failed', 'bad fingerprint');
  dtls.transport.tellClosed('media worker died');
  assert.deepEqual(dtls.told, ['408 DTLS failed']);
  const worker = await bench();
  worker.transport.tellClosed('media worker died');
  assert.deepEqual(worker.told, ['503 Media server failed']);
});

test('after its stop nothing is told', async () => {
  const { clock, transport, told, watch } = await bench();
  watch.start();
  watch.stop();
  transport.tellState('up');
  await clock.advance(40_000);
  assert.deepEqual(told, []);
});
