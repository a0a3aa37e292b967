/**
 * All requests of sylkRTC, one type a message, united by `sylkrtc`:
 *
 *     {"sylkrtc":"account-register","transaction":"t-17","account":"alice@example.org"}
 */
import type {
  AccountAdd,
  AccountAllow,
  AccountBlock,
  AccountCredentials,
  AccountDevicetoken,
  AccountRegister,
  AccountRemove,
  AccountUnregister,
} from './requests/account.ts';
import type { AccountFetchAddressbook, AccountUpdateAddressbook } from './requests/addressbook.ts';
import type { LookupPublicKey, Ping } from './requests/connection.ts';
import type {
  AccountDispositionNotification,
  AccountMarkConversationRead,
  AccountMessage,
  AccountRemoveConversation,
  AccountRemoveMessage,
  AccountSyncConversations,
} from './requests/messaging.ts';
import type {
  SessionAck,
  SessionAnswer,
  SessionCreate,
  SessionDtmfInfo,
  SessionMessage,
  SessionResume,
  SessionRinging,
  SessionTerminate,
  SessionTransfer,
  SessionTrickle,
  SessionUpdate,
} from './requests/session.ts';
import type {
  VideoroomComposingIndication,
  VideoroomConfigure,
  VideoroomFeedAnswer,
  VideoroomFeedAttach,
  VideoroomFeedDetach,
  VideoroomInvite,
  VideoroomJoin,
  VideoroomLeave,
  VideoroomMessage,
  VideoroomMuteAudioParticipants,
  VideoroomSessionTrickle,
  VideoroomSessionUpdate,
  VideoroomToggleHand,
} from './requests/videoroom.ts';

export type * from './requests/account.ts';
export type * from './requests/addressbook.ts';
export type * from './requests/connection.ts';
export type * from './requests/messaging.ts';
export type * from './requests/session.ts';
export type * from './requests/videoroom.ts';

export type ConnectionRequest = Ping | LookupPublicKey;

export type AccountRequest =
  | AccountAdd
  | AccountRemove
  | AccountRegister
  | AccountCredentials
  | AccountUnregister
  | AccountBlock
  | AccountAllow
  | AccountDevicetoken;

export type MessagingRequest =
  | AccountMessage
  | AccountDispositionNotification
  | AccountSyncConversations
  | AccountMarkConversationRead
  | AccountRemoveMessage
  | AccountRemoveConversation;

export type AddressbookRequest = AccountFetchAddressbook | AccountUpdateAddressbook;

/** Requests of a session that the sender is attached to; `SessionResume` attaches. */
export type SessionRequest =
  | SessionCreate
  | SessionAnswer
  | SessionTrickle
  | SessionTerminate
  | SessionUpdate
  | SessionMessage
  | SessionDtmfInfo
  | SessionAck
  | SessionRinging
  | SessionTransfer;

export type VideoroomRequest =
  | VideoroomJoin
  | VideoroomLeave
  | VideoroomConfigure
  | VideoroomFeedAttach
  | VideoroomFeedAnswer
  | VideoroomFeedDetach
  | VideoroomInvite
  | VideoroomSessionTrickle
  | VideoroomSessionUpdate
  | VideoroomMessage
  | VideoroomComposingIndication
  | VideoroomMuteAudioParticipants
  | VideoroomToggleHand;

export type Request =
  | ConnectionRequest
  | AccountRequest
  | MessagingRequest
  | AddressbookRequest
  | SessionRequest
  | SessionResume
  | VideoroomRequest;
