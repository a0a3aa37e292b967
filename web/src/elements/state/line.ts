import type { CallView } from '../../store/snapshot.ts';
import type { Messages } from '../messages/en.ts';
import { nameOf } from '../people/person.ts';

/** One sentence on top of a running call, and how much it matters. */
export interface Line {
  readonly kind: 'calm' | 'warning';
  readonly sentence: string;
}

/** How handing the far side on goes; undefined when nobody wants that. */
export function transferSentence({ transfer }: CallView, { transfer: words }: Messages): string | undefined {
  if (transfer === undefined) return undefined;
  if (transfer.phase === 'failed') return words.failed(transfer.sentence ?? '');
  return transfer.phase === 'trying' ? words.trying(transfer.to) : words.ringing(transfer.to);
}

/**
 * The most important thing to say about a running call.
 *
 * @param onlyListens whether this side has no microphone in it
 * @returns undefined when all is well
 */
export function lineOf(call: CallView, messages: Messages, onlyListens = false): Line | undefined {
  const words = messages.call;
  if (call.isReconnecting) return { kind: 'warning', sentence: words.reconnecting };
  if (call.isHeldByMe && call.isHeldByThem) return { kind: 'calm', sentence: words.heldByBoth };
  if (call.isHeldByMe) return { kind: 'calm', sentence: words.heldByMe };
  if (call.isHeldByThem) return { kind: 'calm', sentence: words.heldByThem(nameOf(call.peer)) };
  if (call.quality?.bars === 0) return { kind: 'warning', sentence: words.nothingArrives };
  if (call.quality?.bars === 1) return { kind: 'warning', sentence: words.weak };
  if (onlyListens) return { kind: 'calm', sentence: words.listening };
  return call.isSharingScreen ? { kind: 'calm', sentence: words.sharing } : undefined;
}
