import type { Call } from '../client/call.ts';
import type { Clock } from '../client/clock.ts';
import type { Identity } from '../client/identity.ts';
import type { CallEnd } from './call-end.ts';
import { causeSentence } from './cause-sentence.ts';
import type { StoreMessages, Subject } from './messages/en.ts';
import type { PhoneCall } from './phone-call.ts';
import type { Recents } from './recents.ts';
import type { EndedView, Recent } from './snapshot.ts';
import type { SnapshotBoard } from './snapshot-board.ts';

export interface CallEndsOptions {
  readonly clock: Clock;
  readonly messages: StoreMessages;
  readonly board: SnapshotBoard;
  readonly recents: Recents;
}

/** What a person learns of calls that are over, or that they missed. */
export class CallEnds {
  readonly #options: CallEndsOptions;
  /** Who was missed here lately: the gateway tells of it as well. */
  readonly #missedHere = new Map<string, number>();

  constructor(options: CallEndsOptions) {
    this.#options = options;
  }

  /** @param isBusy other calls go on: then the end is told beside them */
  tell(call: PhoneCall, end: CallEnd, isBusy: boolean): void {
    const { view } = call;
    const { uri, displayName } = view.peer;
    const told = causeSentence(
      { ...end, direction: view.direction, subject: subjectOf(uri, displayName), callId: call.sipCallId },
      this.#options.messages,
    );
    const ended: EndedView = {
      call: call.id,
      uri,
      withVideo: view.hasLocalVideo,
      ...told,
      reason: end.reason,
      unreached: end.unreached,
      durationMs: end.durationMs,
    };
    if (told.kind === 'missed') this.#missedHere.set(uri, this.#options.clock.now());
    this.#remember(call, told.kind === 'missed' ? 'missed' : view.direction, end.durationMs);
    if (isQuiet(call, end)) return;
    if (isBusy || /elsewhere/i.test(end.reason)) this.#notify(ended);
    else this.#options.board.patch({ ended });
  }

  /** A call comes that is not to ring here: other devices may still take it. */
  notRung(call: Call): void {
    call.terminate({ code: 486 });
    this.missed({ originator: call.remoteIdentity });
    this.#missedHere.set(call.remoteIdentity.uri, this.#options.clock.now());
  }

  /** The gateway says that a call was missed, here or while nobody was here. */
  missed({ originator, timestamp }: { originator: Identity; timestamp?: Date }): void {
    const { clock, board, messages } = this.#options;
    const { uri, displayName } = originator;
    const here = this.#missedHere.get(uri);
    this.#missedHere.delete(uri);
    if (timestamp === undefined && here !== undefined && clock.now() - here < sameCallMs) return;
    const at = timestamp === undefined || Number.isNaN(timestamp.getTime()) ? clock.now() : timestamp.getTime();
    this.#add({ uri, displayName, direction: 'missed', at, withVideo: false, durationMs: 0 });
    board.notify({ kind: 'missed', sentence: messages.cause.missed(subjectOf(uri, displayName)), uri });
  }

  #remember(call: PhoneCall, direction: Recent['direction'], durationMs: number): void {
    const { view } = call;
    const { uri, displayName } = view.peer;
    this.#add({
      uri,
      displayName,
      direction,
      at: view.since,
      withVideo: view.hasLocalVideo || view.offersVideo,
      durationMs,
    });
  }

  #add(recent: Recent): void {
    this.#options.recents.add(recent);
    this.#options.board.patch({ recents: this.#options.recents.list });
  }

  #notify({ kind, sentence, uri }: EndedView): void {
    if (kind === 'missed') this.#options.board.notify({ kind, sentence, uri });
    else this.#options.board.notify({ kind: kind === 'ok' ? 'info' : 'warning', sentence });
  }
}

/** Who declines a call knows what they did. */
const isQuiet = (call: PhoneCall, end: CallEnd): boolean =>
  end.isByMe && call.view.direction === 'incoming' && !end.wasEstablished;

function subjectOf(uri: string, displayName: string): Subject {
  const address = uri.replace(/^sips?:/i, '');
  return { who: displayName || address, address, domain: address.split('@').at(-1) ?? address };
}

const sameCallMs = 10_000;
