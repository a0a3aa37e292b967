import { type Frame, FramingError, StreamFraming } from '../../../media-edge/src/sip/transport/stream-framing.ts';
import { must } from '../engine/finding.ts';
import type { Target } from '../engine/target.ts';
import { messages, words } from './sip-texts.ts';

/** A stream of messages: however it is cut into pieces, the same messages come out. The first byte says how. */
export const sipStreamTarget: Target = {
  name: 'sip-stream',
  seeds: [
    Buffer.concat([Buffer.of(7), ...messages.slice(0, 2), Buffer.from('\r\n\r\n')]),
    Buffer.concat([Buffer.of(200), Buffer.from('\r\n'), ...messages.slice(2, 4)]),
  ],
  dictionary: words,
  run(input) {
    const bytes = Buffer.from(input.subarray(1));
    const whole = framesOf([bytes]);
    const pieces = framesOf(cut(bytes, 1 + (input[0] ?? 0)));
    // Where a stream breaks off, both have given the same messages before.
    must(pieces.isBroken === whole.isBroken, 'a stream breaks only in pieces, or only in one');
    if (whole.isBroken) return;
    must(textOf(pieces.frames) === textOf(whole.frames), 'a stream gives other messages in pieces');
  },
};

function framesOf(pieces: readonly Buffer[]): { frames: Frame[]; isBroken: boolean } {
  const framing = new StreamFraming();
  const frames: Frame[] = [];
  try {
    for (const piece of pieces) frames.push(...framing.push(piece).map(copied));
    return { frames, isBroken: false };
  } catch (error) {
    if (!(error instanceof FramingError)) throw error;
    return { frames, isBroken: true };
  }
}

/** What is given out lies in the buffer of the stream. */
const copied = (frame: Frame): Frame =>
  frame.kind === 'message' ? { kind: 'message', bytes: Buffer.from(frame.bytes) } : frame;

/** Line ends between messages may be taken as one ping or as none, by how they come; the messages are what counts. */
const textOf = (frames: readonly Frame[]): string =>
  frames
    .map((frame) => (frame.kind === 'message' ? `${frame.bytes.length}:${frame.bytes.toString('latin1')}` : ''))
    .join('');

function cut(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += size) pieces.push(bytes.subarray(start, start + size));
  return pieces;
}
