/** Packet counts over all streams of a transport. */
import type { types } from 'mediasoup';

export interface Received {
  readonly packets: number;
  readonly lost: number;
  /** Of the sound, ms; absent without sound. */
  readonly jitterMs?: number;
}

export async function producerCounts(producers: readonly types.Producer[]): Promise<Received> {
  const stats = (await Promise.all(producers.map((producer) => producer.getStats()))).flat();
  const sound = producers.find(({ kind }) => kind === 'audio');
  const jitter = stats.find(({ kind }) => kind === 'audio')?.jitter;
  return {
    packets: sum(stats.map((stat) => stat.packetCount)),
    lost: sum(stats.map((stat) => stat.packetsLost)),
    ...(sound === undefined || jitter === undefined ? {} : { jitterMs: inMs(jitter, sound) }),
  };
}

/** `lost` as the receivers report it. */
export async function consumerCounts(consumers: readonly types.Consumer[]): Promise<{ packets: number; lost: number }> {
  const all = (await Promise.all(consumers.map((consumer) => consumer.getStats()))).flat();
  const stats = all.filter((stat) => stat.type === 'outbound-rtp');
  return { packets: sum(stats.map((stat) => stat.packetCount)), lost: sum(stats.map((stat) => stat.packetsLost)) };
}

/** mediasoup counts jitter by the clock of the codec. */
const inMs = (jitter: number, { rtpParameters }: types.Producer): number =>
  Math.round((jitter * 10_000) / (rtpParameters.codecs[0]?.clockRate ?? 48_000)) / 10;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
