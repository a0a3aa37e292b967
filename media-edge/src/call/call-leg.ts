import type { CallId, LegId } from '@sylk/protocol/ids.ts';
import type { CallText, TextOutcome } from '../ports/call-text.ts';
import type { TransportStats } from '../ports/sfu.ts';
import type { EndCause } from './end-cause.ts';
import type { Answer, Offer, Source } from './media.ts';
import type { NewPartner, TransferProgress, TransferTarget } from './transfer.ts';

/**
 * One side of a call, whatever it speaks. `Call` joins two of them and is the only one that listens.
 *
 *     UAC: start(offer) -> trying -> ringing | early -> answered -> update ... -> ended
 *     UAS: (made from an offer) -> ring(early?) -> accept(answer) -> update ... -> ended
 *
 * Media: a leg that has an answer (given or received) makes its sources; `connect` tells it what to
 * send to its own side. Both legs are on the router that was made for the call's first offer.
 */
export interface CallLeg {
  readonly id: LegId;
  readonly kind: 'browser' | 'sip' | 'echo' | 'jingle';
  /** Calls back for everything that happens on this side; set once, before the first method. */
  listen(listener: (event: LegEvent) => void): void;
  /** As UAC: dials with this offer. */
  start(offer: Offer): Promise<void>;
  /** As UAS: the dialled side is at work (a 1xx that is no alerting); legs that cannot show it leave it out. */
  trying?(code: number): Promise<void>;
  /** As UAS: tells that the far side alerts; with `early`, that its media is there (183). */
  ring(early?: Accepted): Promise<void>;
  /** As UAS: takes the call. */
  accept(accepted: Accepted): Promise<void>;
  /** Offers a change to this side; resolves with its answer, rejects with `UpdateRefused`. */
  update(offer: Offer): Promise<Accepted>;
  /** Answers this side's own `updateOffered`. `undefined` refuses it: all stays as it was. */
  answerUpdate(accepted: Accepted | undefined): Promise<void>;
  /** What this side now gets to hear and see; replaces what was before. */
  connect(sources: readonly Source[]): Promise<void>;
  /** The update offered to this side is not waited for any longer; its answer, if it still comes, is refused. */
  abandonUpdate?(): void;
  /** How far the transfer is that this side asked for. */
  transferring?(progress: TransferProgress): Promise<void>;
  /** This side talks to somebody else from now on. */
  transferred?(to: NewPartner): Promise<void>;
  /** What the far side can take, bits per second: this side sends no more than that. */
  limitBitrate?(bps: number): Promise<void>;
  /** Says that the far side holds (or resumed); this side's own directions stay (RFC 3264 s. 8.4). */
  hold(isHeld: boolean): Promise<void>;
  /** A digit for this side. `digit` is one of 0-9 * # A-D, `durationMs` 40..6000. */
  sendDtmf(digit: string, durationMs: number): Promise<void>;
  /** Something that the far side has written. Never rejects; a leg that takes none leaves it out. */
  write?(text: CallText): Promise<TextOutcome>;
  /** What its transports have counted so far, each from its own start; a leg without media of its own has none. */
  mediaCounts?(): Promise<readonly TransportStats[]>;
  /** Ends this side; safe to repeat, never rejects. */
  end(cause: EndCause): Promise<void>;
}

/** An answer with the media behind it. */
export interface Accepted {
  readonly answer: Answer;
  readonly sources: readonly Source[];
  /** SIP headers that the answering side may show (`headers` of `accepted`), name to value. */
  readonly headers?: Readonly<Record<string, string>>;
  /** SIP Call-ID of the answering side, where it has one. */
  readonly callId?: CallId;
}

export type LegEvent =
  | { kind: 'trying'; code: number }
  | { kind: 'ringing' }
  | ({ kind: 'early' } & Accepted)
  | ({ kind: 'answered' } & Accepted)
  /** ICE and DTLS (or the first RTP) are up on this side. */
  | { kind: 'mediaUp' }
  /** This side wants other media; answer with `answerUpdate`. */
  | { kind: 'updateOffered'; offer: Offer }
  /** This side changed its sources without an offer (re-attached, other SSRC). */
  | { kind: 'sourcesChanged'; sources: readonly Source[] }
  /** This side put the call on hold, or took it back; it has been answered already. */
  | { kind: 'held'; isHeld: boolean }
  | { kind: 'dtmf'; digit: string; durationMs: number }
  /** What this side can take now, bits per second (estimated, or from the loss it reports). */
  | { kind: 'capacity'; bps: number }
  /** This side writes; `settle` is told once what became of it. */
  | { kind: 'written'; text: CallText; settle: (outcome: TextOutcome) => void }
  /** This side hands the other one on. */
  | { kind: 'transferAsked'; to: TransferTarget }
  | { kind: 'ended'; cause: EndCause };

/** The far side refused a change; the call goes on as before. `code` is a SIP status. */
export class UpdateRefused extends Error {
  readonly code: number;
  constructor(code: number, reason: string) {
    super(reason);
    this.name = 'UpdateRefused';
    this.code = code;
  }
}
