import { readFile, writeFile } from 'node:fs/promises';

/** A WAV file of one sine tone: 16-bit PCM, little endian (what baresip's aufile and Chromium's fake microphone read). */
export async function writeTone(
  path: string,
  tone: { hz: number; rate: number; channels?: number; seconds?: number },
): Promise<void> {
  const channels = tone.channels ?? 1;
  const frames = tone.rate * (tone.seconds ?? 10);
  const pcm = Buffer.alloc(frames * channels * 2);
  for (let frame = 0; frame < frames; frame++) {
    const sample = Math.round(12_000 * Math.sin((2 * Math.PI * tone.hz * frame) / tone.rate));
    for (let channel = 0; channel < channels; channel++) pcm.writeInt16LE(sample, (frame * channels + channel) * 2);
  }
  await writeFile(path, Buffer.concat([wavHeader(pcm.length, tone.rate, channels), pcm]));
}

/**
 * The strongest frequency of a recording, Hz; the first half second is left out, where the call builds up.
 * @returns `undefined` when there is nothing but silence
 */
export async function strongestHz(path: string): Promise<number | undefined> {
  const { samples, rate } = readWav(await readFile(path));
  const steady = samples.subarray(Math.min(samples.length, rate / 2));
  const energy = steady.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, steady.length);
  if (energy < 100) return undefined;
  return peakHz(steady.subarray(0, rate * 4), rate);
}

function wavHeader(bytes: number, rate: number, channels: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}

function readWav(file: Buffer): { samples: Float64Array; rate: number } {
  const channels = file.readUInt16LE(22);
  const rate = file.readUInt32LE(24);
  const data = file.indexOf('data', 12, 'latin1') + 8;
  // A recorder that was killed leaves a data size of 0, so the file's own length counts.
  const count = Math.floor((file.length - data) / (2 * channels));
  const samples = new Float64Array(count);
  for (let index = 0; index < count; index++) samples[index] = file.readInt16LE(data + index * channels * 2);
  return { samples, rate };
}

/** @returns the strongest frequency, by Goertzel over 50..3500 Hz in steps of 5, then of 0.5 around the best */
export function peakHz(samples: Float64Array, rate: number): number {
  const coarse = best(samples, rate, { from: 50, to: 3500, step: 5 });
  return best(samples, rate, { from: coarse - 5, to: coarse + 5, step: 0.5 });
}

function best(samples: Float64Array, rate: number, range: { from: number; to: number; step: number }): number {
  let winner = range.from;
  let power = -1;
  for (let hz = range.from; hz <= range.to; hz += range.step) {
    const here = goertzel(samples, rate, hz);
    if (here > power) [winner, power] = [hz, here];
  }
  return winner;
}

function goertzel(samples: Float64Array, rate: number, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let [previous, beforeThat] = [0, 0];
  for (const sample of samples) [previous, beforeThat] = [sample + coefficient * previous - beforeThat, previous];
  return previous * previous + beforeThat * beforeThat - coefficient * previous * beforeThat;
}
