import type { Identity } from './identity.ts';
import type { Message, MessageState } from './message.ts';
import type { Header } from './wire.ts';

export type CallState =
  | null
  | 'incoming'
  | 'progress'
  | 'proceeding'
  | 'ringing'
  | 'early-media'
  | 'accepted'
  | 'established'
  | 'terminated';

/** What comes with a state: `reason` with `terminated`, the provisional response's `code` with `proceeding`. */
export interface StateData {
  readonly reason?: string;
  readonly code?: number;
}

export interface CallEvents {
  stateChanged: [oldState: CallState, newState: CallState, data: StateData];
  localStreamAdded: [stream: MediaStream];
  streamAdded: [stream: MediaStream];
  dtmfToneSent: [tone: string];
  incomingMessage: [message: Message];
  sendingMessage: [message: Message];
  messageStateChanged: [id: string, state: MessageState, data: { reason: string; code: number }];
  /** The other side wants to add media; say `answerUpdate` within 10 s. */
  updateRequest: [request: { sdp: string; remoteMediaDirections: Record<string, string[]> }];
  mediaUpdated: [media: { hasLocalVideo: boolean; hasRemoteVideo: boolean }];
  updateFailed: [error: Error];
  /** The other side holds the call, or takes it back. */
  hold: [change: { held: boolean }];
  /** The other side pressed a key; `duration` in ms. */
  dtmf: [press: { digit: string; duration: number }];
  /** The gateway lost, or has again, the media path to this browser; the library mends it. */
  media: [path: { state: 'lost' | 'up' }];
  /** The media path to the gateway broke, or is there again, as the browser sees it; the library mends it. */
  pathChanged: [path: { isUp: boolean }];
  /** How far a transfer that this side asked for is; after `accepted` the call ends here. */
  transfer: [progress: { state: 'trying' | 'ringing' | 'accepted' | 'failed'; reason?: string }];
  /** The other side has handed the call on: `remoteIdentity` is another one now. */
  transferred: [change: { remoteIdentity: Identity }];
  /** The call goes on over a new socket, nothing was missed. */
  resumed: [];
  /** Another page has taken the call over; it ends here. */
  replaced: [];
  /** What `resumeState` says has changed. */
  resumeStateChanged: [];
}

/** Where the parts of a call tell what happens. */
export interface CallEmitter {
  emit<Name extends keyof CallEvents>(name: Name, ...args: CallEvents[Name]): unknown;
}

/** The account of a call. */
export interface CallOwner {
  readonly id: string;
  readonly identity: Identity;
}

export interface DialOptions {
  /** What is sent; without tracks the call only listens. Tracks that are added later join it. */
  readonly localStream: MediaStream;
  readonly id?: string;
  readonly pcConfig?: RTCConfiguration;
  readonly offerOptions?: { readonly offerToReceiveVideo?: boolean };
  readonly headers?: readonly Header[];
}

export interface AnswerOptions {
  readonly localStream: MediaStream;
  readonly pcConfig?: RTCConfiguration;
  /** The other side's video is received unless this says no. */
  readonly answerOptions?: { readonly offerToReceiveVideo?: boolean };
  readonly headers?: readonly Header[];
}

export interface RestoreOptions {
  readonly localStream: MediaStream;
  readonly pcConfig?: RTCConfiguration;
}
