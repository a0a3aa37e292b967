import type { Call } from '../../../web/src/client/index.ts';
import type { SeenMedia } from './seen.ts';

const analysers = new Map<MediaStreamTrack, AnalyserNode>();
let context: AudioContext | undefined;

/** The strongest tone that is heard in this call now, Hz; 0 for silence. */
export async function heardHz(call: Call): Promise<number> {
  const track = call.getReceivers().find((receiver) => receiver.track.kind === 'audio')?.track;
  if (track === undefined) return 0;
  const analyser = analyserOf(track);
  await new Promise((resolve) => setTimeout(resolve, 250));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const loudest = Math.max(...bins);
  return loudest > -70 ? (bins.indexOf(loudest) * analyser.context.sampleRate) / analyser.fftSize : 0;
}

/** The browser's counters of what has come in. */
export async function receivedMedia(call: Call): Promise<SeenMedia> {
  const audio = await inbound(call, 'audio');
  const video = await inbound(call, 'video');
  return {
    audioPackets: numberOf(audio.packetsReceived),
    audioLost: numberOf(audio.packetsLost),
    audioCodec: textOf(audio.codec),
    videoPackets: numberOf(video.packetsReceived),
    videoLost: numberOf(video.packetsLost),
    videoFrames: numberOf(video.framesDecoded),
    videoWidth: numberOf(video.frameWidth),
    videoCodec: textOf(video.codec),
  };
}

/** Chromium decodes a remote stream only for somebody who plays it. */
function analyserOf(track: MediaStreamTrack): AnalyserNode {
  const known = analysers.get(track);
  if (known) return known;
  const player = new Audio();
  player.srcObject = new MediaStream([track]);
  player.muted = true;
  void player.play();
  context ??= new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  analyser.smoothingTimeConstant = 0;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  analysers.set(track, analyser);
  return analyser;
}

async function inbound(call: Call, kind: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const receiver of call.getReceivers()) {
    const report = new Map<string, Record<string, unknown>>([...(await receiver.getStats()).entries()]);
    for (const entry of report.values())
      if (entry.type === 'inbound-rtp' && entry.kind === kind)
        Object.assign(found, entry, { codec: report.get(String(entry.codecId))?.mimeType });
  }
  return found;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
