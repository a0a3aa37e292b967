import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import type { ConnectionId } from '@sylk/protocol/ids.ts';
import type { IncomingSessionEvent } from '@sylk/protocol/sylkrtc/events/account.ts';
import type { SessionEvent, SessionReplacedEvent } from '@sylk/protocol/sylkrtc/events/session.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { Reply } from '@sylk/protocol/sylkrtc/replies.ts';
import type { SessionRequest, SessionResume } from '@sylk/protocol/sylkrtc/requests.ts';
import type { CallText, TextOutcome } from '../ports/call-text.ts';
import type { TransferTarget } from '../ports/transfer-target.ts';

/** Events that are numbered and kept: all but the farewell to a replaced connection. */
export type KeptEvent = Exclude<SessionEvent, SessionReplacedEvent> | IncomingSessionEvent;

/** All that a session sends. */
export type Frame = Reply | SessionEvent | IncomingSessionEvent;

/** What happened on the call's side of the session. */
export type SessionTell =
  | { readonly kind: 'progress' }
  | { readonly kind: 'proceeding'; readonly code: number }
  | { readonly kind: 'ringing' }
  | { readonly kind: 'early'; readonly sdp: string; readonly callId?: string }
  /** The call is answered; with `sdp` for the caller, unless it had early media. */
  | {
      readonly kind: 'accepted';
      readonly sdp?: string;
      readonly callId?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'mediaUp' }
  | { readonly kind: 'mediaLost' }
  | { readonly kind: 'updateOffered'; readonly sdp: string }
  /** The client's own offer has its answer. */
  | { readonly kind: 'updateAnswered'; readonly sdp: string }
  | { readonly kind: 'updateFailed'; readonly reason: string }
  /** The offer to the client is settled, or not waited for any longer. */
  | { readonly kind: 'updateOver' }
  /** Answer to the ICE restart that came with a resume. */
  | { readonly kind: 'restarted'; readonly sdp: string }
  | { readonly kind: 'held'; readonly isHeld: boolean }
  | { readonly kind: 'dtmf'; readonly digit: string; readonly durationMs: number }
  /** How far the transfer is that the client asked for; `reason` where it failed. */
  | { readonly kind: 'transfer'; readonly state: 'trying' | 'ringing' | 'accepted' }
  | { readonly kind: 'transfer'; readonly state: 'failed'; readonly reason: string }
  /** The far side is somebody else now. */
  | { readonly kind: 'transferred'; readonly to: SipIdentity }
  /** The far side has written, or says something of what this client wrote. */
  | { readonly kind: 'written'; readonly text: CallText }
  /** What became of a message of this client; `timestamp` is its own. */
  | { readonly kind: 'textSent'; readonly id: string; readonly timestamp: string; readonly outcome: TextOutcome }
  /** `reason` is `<code> <phrase>`. */
  | { readonly kind: 'ended'; readonly reason: string };

export type SessionInput =
  /** `problem`: why the SDP in it cannot be used. */
  | { readonly kind: 'request'; readonly from: Attachment; readonly request: SessionRequest; readonly problem?: string }
  | { readonly kind: 'resume'; readonly from: Attachment; readonly request: SessionResume; readonly problem?: string }
  /** The account's device signed in again while it rings. */
  | { readonly kind: 'ringAgain'; readonly to: Attachment }
  | { readonly kind: 'connectionLost' }
  | { readonly kind: 'timeUp' }
  | { readonly kind: 'tell'; readonly tell: SessionTell };

/** What the client wants of the call. */
export type SessionAct =
  | { readonly kind: 'answer'; readonly sdp: string; readonly headers: Headers }
  | { readonly kind: 'offer'; readonly sdp: string; readonly headers: Headers }
  | { readonly kind: 'answerUpdate'; readonly sdp: string }
  | { readonly kind: 'restartIce'; readonly sdp: string }
  | { readonly kind: 'ringing' }
  | { readonly kind: 'transfer'; readonly to: TransferTarget }
  | { readonly kind: 'dtmf'; readonly digits: string; readonly durationMs: number }
  | { readonly kind: 'write'; readonly text: WrittenText }
  | { readonly kind: 'hangUp'; readonly why: HangUp; readonly code?: number };

/** A message of the client; the times are as it wrote them. */
export interface WrittenText {
  readonly id: string;
  readonly contentType: string;
  readonly content: string;
  readonly timestamp: string;
}

type Headers = readonly { readonly name: string; readonly value: string }[];

/** `asked` by the client; `clientGone`: no socket and no media for the grace; `mediaLost`: no media for the grace. */
export type HangUp = 'asked' | 'clientGone' | 'mediaLost';

export type SessionEffect =
  | { readonly do: 'post'; readonly connection: ConnectionId; readonly message: Frame }
  | { readonly do: 'act'; readonly act: SessionAct }
  | { readonly do: 'arm'; readonly ms: number }
  | { readonly do: 'disarm' }
  /** Nobody can come back to this session. */
  | { readonly do: 'forget' };
