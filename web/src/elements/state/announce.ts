import type { PhoneSnapshot } from '../../store/snapshot.ts';
import type { Messages } from '../messages/en.ts';
import { nameOf } from '../people/person.ts';
import { lineOf, transferSentence } from './line.ts';
import { noticesOf } from './notices.ts';
import { incomingCalls, screenOf } from './screen.ts';

/** What a screen reader should say about the state of the phone when there is time; empty for nothing. */
export function politeText(snapshot: PhoneSnapshot, messages: Messages): string {
  const screen = screenOf(snapshot);
  if (screen.kind === 'outgoing') return `${nameOf(screen.call.peer)}: ${phaseText(screen.call.phase, messages)}`;
  if (screen.kind === 'call') {
    const { call } = screen;
    return transferSentence(call, messages) ?? lineOf(call, messages)?.sentence ?? messages.call.connected;
  }
  if (screen.kind === 'ended') return `${messages.ended.title}. ${screen.ended.sentence}`;
  return noticesOf(snapshot, [])[0]?.sentence ?? '';
}

/** What a screen reader should say at once: that somebody calls. */
export function assertiveText(snapshot: PhoneSnapshot, messages: Messages): string {
  const call = incomingCalls(snapshot)[0];
  if (call === undefined) return '';
  const kind = call.offersVideo ? messages.incoming.video : messages.incoming.audio;
  return messages.incoming.announce(kind, nameOf(call.peer));
}

/** What happens to a call that is not answered yet, in a word or two. */
export function phaseText(phase: PhoneSnapshot['calls'][number]['phase'], messages: Messages): string {
  const words = messages.outgoing;
  switch (phase) {
    case 'devices':
    case 'calling':
      return words.calling;
    case 'ringing':
      return words.ringing;
    case 'early':
      return words.early;
    case 'ending':
      return words.ending;
    case 'incoming':
    case 'connecting':
    case 'established':
      return words.connecting;
  }
}
