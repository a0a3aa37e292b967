/** sylkRTC as this library speaks it: the types of the shared package, which leave nothing in the bundle. */
import type {
  AccountComposingIndicationEvent,
  AccountDispositionNotificationEvent,
  AccountEvent,
  AccountMessageEvent,
  ChallengeEvent,
  ContactPolicyEvent,
  IncomingSessionEvent,
  ServerMessage,
  SessionEvent,
  SyncConversationsEvent,
  SyncEvent,
} from '@sylk/protocol/sylkrtc/events.ts';
import type { Header, JournalMessage, SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type {
  AccountAdd,
  AccountAllow,
  AccountBlock,
  AccountCredentials,
  AccountDispositionNotification,
  AccountRegister,
  AccountRemove,
  AccountUnregister,
  ConnectionRequest,
  MessagingRequest,
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

export type {
  AccountEvent,
  AccountMessageEvent,
  ChallengeEvent,
  ContactPolicyEvent,
  Header,
  IncomingSessionEvent,
  JournalMessage,
  ServerMessage,
  SessionEvent,
  SipIdentity,
};

/** What an account hears of its messages. */
export type AccountMessageNews =
  | AccountMessageEvent
  | AccountDispositionNotificationEvent
  | SyncConversationsEvent
  | SyncEvent
  | AccountComposingIndicationEvent;

/** What can be told of a message to whoever sent it. */
export type DispositionState = AccountDispositionNotification['state'];

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
      | AccountBlock
      | AccountAllow
      | MessagingRequest
      | SessionResume
      | SessionAck
    >;

/** What a call that came in is answered with. */
export type GivenAnswer = Pick<SessionAnswer, 'sdp' | 'headers'>;
