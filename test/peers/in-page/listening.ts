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

/** The browser's counters of what has come in, and what it wants to send. */
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
    videoTargetBps: await videoTargetBps(call),
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

/**
 * The stream that came last, if a line had several. The connection is asked: Chromium's receivers know nothing of a
 * stream whose number the description did not name, once it has replaced another one.
 */
async function inbound(call: Call, kind: string): Promise<Record<string, unknown>> {
  const report = new Map<string, Record<string, unknown>>([...((await call.getStats())?.entries() ?? [])]);
  const newest = [...report.values()]
    .filter((entry) => entry.type === 'inbound-rtp' && entry.kind === kind)
    .sort((one, other) => numberOf(one.lastPacketReceivedTimestamp) - numberOf(other.lastPacketReceivedTimestamp))
    .at(-1);
  return newest === undefined ? {} : { ...newest, codec: report.get(String(newest.codecId))?.mimeType };
}

async function videoTargetBps(call: Call): Promise<number> {
  let bps = 0;
  for (const sender of call.getSenders())
    for (const entry of (await sender.getStats()).values())
      if (entry.type === 'outbound-rtp' && entry.kind === 'video') bps += numberOf(entry.targetBitrate);
  return bps;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
