/** Packet counts over all streams of a transport. */
import type { types } from 'mediasoup';

export async function producerCounts(producers: readonly types.Producer[]): Promise<{ packets: number; lost: number }> {
  const stats = (await Promise.all(producers.map((producer) => producer.getStats()))).flat();
  return { packets: sum(stats.map((stat) => stat.packetCount)), lost: sum(stats.map((stat) => stat.packetsLost)) };
}

/** `lost` as the receivers report it. */
export async function consumerCounts(consumers: readonly types.Consumer[]): Promise<{ packets: number; lost: number }> {
  const all = (await Promise.all(consumers.map((consumer) => consumer.getStats()))).flat();
  const stats = all.filter((stat) => stat.type === 'outbound-rtp');
  return { packets: sum(stats.map((stat) => stat.packetCount)), lost: sum(stats.map((stat) => stat.packetsLost)) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
