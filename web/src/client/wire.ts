/** sylkRTC as this library speaks it: the types of the shared package, which leave nothing in the bundle. */
import type {
  AccountEvent,
  ChallengeEvent,
  IncomingSessionEvent,
  ServerMessage,
  SessionEvent,
} from '@sylk/protocol/sylkrtc/events.ts';
import type { Header, SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type {
  AccountAdd,
  AccountCredentials,
  AccountRegister,
  AccountRemove,
  AccountUnregister,
  ConnectionRequest,
  SessionAck,
  SessionAnswer,
  SessionCreate,
  SessionDtmfInfo,
  SessionMessage,
  SessionResume,
  SessionRinging,
  SessionTerminate,
  SessionTransfer,
  SessionUpdate,
} from '@sylk/protocol/sylkrtc/requests.ts';

export type { AccountEvent, ChallengeEvent, Header, IncomingSessionEvent, ServerMessage, SessionEvent, SipIdentity };

/** A request before it gets its transaction. */
type Unsent<Request> = Request extends unknown ? Omit<Request, 'transaction'> : never;

/** Requests of one session: they are sent one after another, and again after a lost socket. */
export type SessionRequest = Unsent<
  | SessionCreate
  | SessionAnswer
  | SessionUpdate
  | SessionTerminate
  | SessionRinging
  | SessionDtmfInfo
  | SessionMessage
  | SessionTransfer
>;

export type ClientRequest =
  | SessionRequest
  | Unsent<
      | ConnectionRequest
      | AccountAdd
      | AccountRemove
      | AccountRegister
      | AccountCredentials
      | AccountUnregister
      | SessionResume
      | SessionAck
    >;

/** What a call that came in is answered with. */
export type GivenAnswer = Pick<SessionAnswer, 'sdp' | 'headers'>;
