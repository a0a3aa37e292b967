import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientWorld } from '../../../test/fakes/client-world.ts';
import { FakeMediaStream, FakeTrack } from '../../../test/fakes/fake-media-stream.ts';
import { sortStats } from './sorted-stats.ts';
import type { StatsSample } from './statistics.ts';

const codec = { id: 'C0', type: 'codec', mimeType: 'audio/PCMU', clockRate: 8_000, payloadType: 0 };
const received = (timestamp: number, packetsReceived: number, packetsLost: number) => ({
  id: 'IA',
  type: 'inbound-rtp',
  kind: 'audio',
  codecId: 'C0',
  timestamp,
  packetsReceived,
  packetsLost,
  bytesReceived: packetsReceived * 160,
});
const others = [
  { id: 'OV', type: 'outbound-rtp', kind: 'video', timestamp: 0, packetsSent: 3, bytesSent: 900 },
  { id: 'RA', type: 'remote-inbound-rtp', kind: 'audio', timestamp: 0, packetsLost: 0 },
  { id: 'P1', type: 'candidate-pair', state: 'failed', nominated: false },
  { id: 'P2', type: 'candidate-pair', state: 'succeeded', nominated: true },
];
const reportOf = (...entries: readonly { readonly id: string }[]): RTCStatsReport =>
  new Map(entries.map((entry) => [entry.id, entry]));

test('a report by medium and direction, with codecs and with rates since the one before', () => {
  const before = reportOf(codec, received(1_000, 100, 0), ...others);
  const sorted = sortStats(reportOf(codec, received(3_000, 190, 10), ...others), before);
  const [audio] = sorted.audio.inbound;
  assert.deepEqual(
    [audio?.mimeType, audio?.clockRate, audio?.bitrate, audio?.packetRate, audio?.packetLossRate],
    ['audio/PCMU', 8_000, 57_600, 45, 0.1],
  );
  assert.equal(sorted.video.outbound[0]?.id, 'OV');
  assert.equal(sorted.remote.audio.inbound[0]?.id, 'RA');
  assert.equal(sorted.connection.id, 'P2');
  const first = sortStats(reportOf(received(1_000, 100, 0)), undefined);
  assert.equal(first.audio.inbound[0]?.bitrate, undefined);
  assert.deepEqual(first.connection, {});
});

test('a call tells its statistics every second while somebody listens, and never after its end', async () => {
  const world = new ClientWorld();
  const { alice } = await world.signIn();
  const call = alice.call('bob@example.org', { localStream: new FakeMediaStream([new FakeTrack('audio')]) });
  await world.clock.advance(2_500);
  const samples: StatsSample[] = [];
  call.statistics.on('stats', (sample) => samples.push(sample));
  await world.clock.advance(3_000);
  assert.equal(samples.length, 3);
  const [first] = samples;
  assert.deepEqual([first?.event, first?.peerId], ['stats', call.id]);
  assert.equal(new Set(samples.map(({ connectionId }) => connectionId)).size, 1);
  call.terminate();
  await world.clock.advance(5_000);
  assert.equal(samples.length, 3);
});
