import { randomBytes } from 'node:crypto';
import type { MediaKind } from '../call/media.ts';
import type { LegStart } from './leg-packets.ts';

/** Streams begin with random numbers (RFC 3550 s. 5.1). */
export const legStart = (options: { latch: boolean; media?: MediaKind; silenceMs: number }): LegStart => ({
  latch: options.latch,
  kind: options.media ?? 'audio',
  silenceMs: options.silenceMs,
  nowMs: performance.now(),
  outbound: { ssrc: randomNumber(4), sequence: randomNumber(2), timestamp: randomNumber(4) },
  inbound: { sequence: randomNumber(2), timestamp: randomNumber(4) },
});

const randomNumber = (bytes: number): number => randomBytes(bytes).readUIntBE(0, bytes);
