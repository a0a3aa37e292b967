import type { Tone } from './tone-of.ts';

/** When a tone sounds within its period, in ms; and its frequencies in Hz. */
interface Cadence {
  readonly hertz: readonly number[];
  readonly bursts: readonly (readonly [startMs: number, lengthMs: number])[];
  readonly periodMs: number;
  /** 0 to 1. */
  readonly level: number;
  /** Periods before it stops by itself. */
  readonly times: number;
}

/** Ringback and busy follow ETSI TR 101 041-2 (425 Hz); the ring is ours, two soft bells of a fifth. */
const cadences: Record<Exclude<Tone, 'silence'>, Cadence> = {
  ring: {
    hertz: [659, 988],
    bursts: [
      [0, 420],
      [560, 420],
    ],
    periodMs: 2_800,
    level: 0.16,
    times: 60,
  },
  waiting: {
    hertz: [425],
    bursts: [
      [0, 160],
      [360, 160],
    ],
    periodMs: 6_000,
    level: 0.05,
    times: 20,
  },
  ringback: { hertz: [425], bursts: [[0, 1_000]], periodMs: 5_000, level: 0.06, times: 60 },
  busy: { hertz: [425], bursts: [[0, 500]], periodMs: 1_000, level: 0.06, times: 4 },
};

/** ITU-T Q.23: one low and one high frequency a digit, in Hz. */
const rows = [697, 770, 852, 941] as const;
const columns = [1209, 1336, 1477] as const;
const digits = '123456789*0#';
const dtmfMs = 120;
/** Time over which a tone fades in and out, in s, so that it does not click. */
const edgeSec = 0.02;

/** Makes the phone's tones with WebAudio; creates the audio context only when the first one is wanted. */
export class Tones {
  #context: AudioContext | undefined;
  #playing: Tone = 'silence';
  #next: ReturnType<typeof setTimeout> | undefined;
  #sounding = new Set<OscillatorNode>();

  /** Changes to another tone; the same one goes on undisturbed. */
  play(tone: Tone): void {
    if (tone === this.#playing) return;
    this.#stop();
    this.#playing = tone;
    if (tone !== 'silence') this.#period(cadences[tone], 0);
  }

  /** The sound of a pressed key. */
  digit(digit: string): void {
    const index = digits.indexOf(digit);
    const low = rows[Math.floor(index / 3)];
    const high = columns[index % 3];
    if (low !== undefined && high !== undefined) this.#burst([low, high], 0, dtmfMs, 0.08);
  }

  /** Ends all sound and gives the audio device back. */
  close(): void {
    this.#stop();
    this.#playing = 'silence';
    void this.#context?.close();
    this.#context = undefined;
  }

  #period(cadence: Cadence, count: number): void {
    if (count >= cadence.times) return;
    for (const [startMs, lengthMs] of cadence.bursts) this.#burst(cadence.hertz, startMs, lengthMs, cadence.level);
    this.#next = setTimeout(() => this.#period(cadence, count + 1), cadence.periodMs);
  }

  #burst(hertz: readonly number[], startMs: number, lengthMs: number, level: number): void {
    this.#context ??= new AudioContext();
    const context = this.#context;
    // Without a gesture the browser keeps the context suspended; then the burst is silent and no error.
    if (context.state === 'suspended') void context.resume();
    const startSec = context.currentTime + startMs / 1000;
    const span = { startSec, endSec: startSec + lengthMs / 1000 };
    const gain = envelope(context, span, level / hertz.length);
    for (const frequency of hertz) this.#oscillate(context, gain, frequency, span);
  }

  #oscillate(context: AudioContext, gain: GainNode, frequency: number, { startSec, endSec }: Span): void {
    const oscillator = context.createOscillator();
    oscillator.frequency.value = frequency;
    oscillator.connect(gain);
    oscillator.onended = () => {
      this.#sounding.delete(oscillator);
      gain.disconnect();
    };
    this.#sounding.add(oscillator);
    oscillator.start(startSec);
    oscillator.stop(endSec);
  }

  #stop(): void {
    clearTimeout(this.#next);
    for (const oscillator of this.#sounding) oscillator.stop();
    this.#sounding.clear();
  }
}

/** From when to when, on the clock of the audio context. */
interface Span {
  readonly startSec: number;
  readonly endSec: number;
}

/** A gain that fades in and out, connected to the speakers. */
function envelope(context: AudioContext, { startSec, endSec }: Span, level: number): GainNode {
  const node = context.createGain();
  node.gain.setValueAtTime(0, startSec);
  node.gain.linearRampToValueAtTime(level, startSec + edgeSec);
  node.gain.setValueAtTime(level, endSec - edgeSec);
  node.gain.linearRampToValueAtTime(0, endSec);
  node.connect(context.destination);
  return node;
}
