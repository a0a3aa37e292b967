/** Packet counts over all streams of a transport. */
import type { types } from 'mediasoup';

export async function producerCounts(producers: readonly types.Producer[]): Promise<{ packets: number; lost: number }> {
  const stats = (await Promise.all(producers.map((producer) => producer.getStats()))).flat();
  return { packets: sum(stats.map((stat) => stat.packetCount)), lost: sum(stats.map((stat) => stat.packetsLost)) };
}

export async function consumerCounts(consumers: readonly types.Consumer[]): Promise<{ packets: number }> {
  const stats = (await Promise.all(consumers.map((consumer) => consumer.getStats()))).flat();
  return { packets: sum(stats.filter((stat) => stat.type === 'outbound-rtp').map((stat) => stat.packetCount)) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
