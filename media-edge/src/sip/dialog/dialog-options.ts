import type { LegId } from '@sylk/protocol/ids.ts';
import type { Core } from 'sip.js';
import type { EndCause } from '../../call/end-cause.ts';
import type { MediaLine } from '../../call/media.ts';
import type { TransferTarget } from '../../call/transfer.ts';
import type { CallText, TextOutcome } from '../../ports/call-text.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PlainDescription } from '../../sdp/plain-read.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { SipMedia } from '../media/sip-media.ts';
import type { PeerHabits } from '../pager/peer-habits.ts';
import type { SipTimers } from '../sip-timers.ts';
import type { Flow } from '../transport/flow.ts';
import type { RequestPath } from '../transport/request-path.ts';
import type { Digit } from './dtmf-info.ts';
import type { DialogsOfLegs } from './replaces.ts';

export interface SipDialogOptions {
  readonly gateway: GatewayCore;
  readonly path: RequestPath;
  readonly session: Core.Session;
  readonly media: SipMedia;
  /** Who began it: we (UAC) or the peer (UAS). A UAS waits for the ACK before it asks anything (RFC 3261 s. 15). */
  readonly role: 'uac' | 'uas';
  /** As in `PeerOffersOptions`. */
  readonly isAnswerDue: boolean;
  readonly clock: Clock;
  readonly timers: SipTimers;
  readonly flowOf: (message: Core.IncomingMessage) => Flow | undefined;
  /** The body of a MESSAGE as it came. */
  readonly bodyOf: (message: Core.IncomingMessage) => Buffer | undefined;
  /** Who reads CPIM. */
  readonly habits: PeerHabits;
  /** Whose it is. */
  readonly legId: LegId;
  /** All that there are. */
  readonly dialogs: DialogsOfLegs;
  /** The operator trusts this address. */
  readonly isTrusted: (address: string) => boolean;
  /** What made it: the INVITE of the peer, or its 2xx. */
  readonly made: Core.IncomingMessage;
  readonly listener: DialogListener;
}

export interface DialogListener {
  /** The peer has acknowledged our answer. */
  onConfirmed?(): void;
  onEnded(cause: EndCause): void;
  /** Something of the session has changed by the peer's doing: who holds, which sources. */
  onMediaChanged(): void;
  /** As in `PeerOffersListener`. */
  onOffer(offer: PlainDescription): Promise<readonly MediaLine[]> | undefined;
  onDigit(digit: Digit): void;
  /** The peer writes; `settle` is told what becomes of it. */
  onWritten(text: CallText, settle: (outcome: TextOutcome) => void): void;
  /** The peer wants the other side to talk to somebody else. */
  onTransferAsked(to: TransferTarget): void;
  /** The peer refused a change of ours; all is as before. */
  onRefused(code: number): void;
  note(label: string, detail?: string): void;
}
