import type { z } from 'zod';
import * as account from './requests/account.ts';
import * as addressbook from './requests/addressbook.ts';
import * as connection from './requests/connection.ts';
import * as messaging from './requests/messaging.ts';
import * as session from './requests/session.ts';
import * as videoroom from './requests/videoroom.ts';
import type { Request } from './requests.ts';

/** How a request is checked, and what error texts call it. */
export interface RequestModel {
  readonly schema: z.ZodType<Request>;
  /** The name of the reference server's class; clients see it in "Mandatory property ..." texts. */
  readonly model: string;
}

const row = (tag: Request['sylkrtc'], model: string, schema: z.ZodType<Request>): [string, RequestModel] => [
  tag,
  { model, schema },
];

/** Every request by its `sylkrtc`. */
export const requestModels: ReadonlyMap<string, RequestModel> = new Map([
  row('ping', 'PingRequest', connection.ping),
  row('lookup-public-key', 'LookupPublicKeyRequest', connection.lookupPublicKey),

  row('account-add', 'AccountAddRequest', account.accountAdd),
  row('account-remove', 'AccountRemoveRequest', account.accountRemove),
  row('account-register', 'AccountRegisterRequest', account.accountRegister),
  row('account-credentials', 'AccountCredentialsRequest', account.accountCredentials),
  row('account-unregister', 'AccountUnregisterRequest', account.accountUnregister),
  row('account-block', 'AccountBlockRequest', account.accountBlock),
  row('account-allow', 'AccountAllowRequest', account.accountAllow),
  row('account-devicetoken', 'AccountDeviceTokenRequest', account.accountDevicetoken),

  row('account-message', 'AccountMessageRequest', messaging.accountMessage),
  row(
    'account-disposition-notification',
    'AccountDispositionNotificationRequest',
    messaging.accountDispositionNotification,
  ),
  row('account-sync-conversations', 'AccountSyncConversationsRequest', messaging.accountSyncConversations),
  row('account-mark-conversation-read', 'AccountMarkConversationReadRequest', messaging.accountMarkConversationRead),
  row('account-remove-message', 'AccountMessageRemoveRequest', messaging.accountRemoveMessage),
  row('account-remove-conversation', 'AccountConversationRemoveRequest', messaging.accountRemoveConversation),

  row('account-fetch-addressbook', 'AccountFetchAddressbookRequest', addressbook.accountFetchAddressbook),
  row('account-update-addressbook', 'AccountUpdateAddressBookRequest', addressbook.accountUpdateAddressbook),

  row('session-create', 'SessionCreateRequest', session.sessionCreate),
  row('session-answer', 'SessionAnswerRequest', session.sessionAnswer),
  row('session-trickle', 'SessionTrickleRequest', session.sessionTrickle),
  row('session-terminate', 'SessionTerminateRequest', session.sessionTerminate),
  row('session-update', 'SessionUpdateRequest', session.sessionUpdate),
  row('session-message', 'SessionMessageRequest', session.sessionMessage),
  row('session-dtmf-info', 'SessionDtmfInfoRequest', session.sessionDtmfInfo),
  row('session-resume', 'SessionResumeRequest', session.sessionResume),
  row('session-ack', 'SessionAckRequest', session.sessionAck),
  row('session-ringing', 'SessionRingingRequest', session.sessionRinging),
  row('session-transfer', 'SessionTransferRequest', session.sessionTransfer),

  row('videoroom-join', 'VideoroomJoinRequest', videoroom.videoroomJoin),
  row('videoroom-leave', 'VideoroomLeaveRequest', videoroom.videoroomLeave),
  row('videoroom-configure', 'VideoroomConfigureRequest', videoroom.videoroomConfigure),
  row('videoroom-feed-attach', 'VideoroomFeedAttachRequest', videoroom.videoroomFeedAttach),
  row('videoroom-feed-answer', 'VideoroomFeedAnswerRequest', videoroom.videoroomFeedAnswer),
  row('videoroom-feed-detach', 'VideoroomFeedDetachRequest', videoroom.videoroomFeedDetach),
  row('videoroom-invite', 'VideoroomInviteRequest', videoroom.videoroomInvite),
  row('videoroom-session-trickle', 'VideoroomSessionTrickleRequest', videoroom.videoroomSessionTrickle),
  row('videoroom-session-update', 'VideoroomSessionUpdateRequest', videoroom.videoroomSessionUpdate),
  row('videoroom-message', 'VideoroomMessageRequest', videoroom.videoroomMessage),
  row('videoroom-composing-indication', 'VideoroomComposingIndicationRequest', videoroom.videoroomComposingIndication),
  row(
    'videoroom-mute-audio-participants',
    'VideoroomMuteAudioParticipantsRequest',
    videoroom.videoroomMuteAudioParticipants,
  ),
  row('videoroom-toggle-hand', 'VideoroomToggleHandRequest', videoroom.videoroomToggleHand),
]);
