import type { MediaAddress } from '../client/sdp-lines.ts';
import type { ChatActions, ChatSnapshot } from './chat/chat-snapshot.ts';
import type { StoreMessages } from './messages/en.ts';

/**
 * All that the page draws, as one immutable snapshot. Times are ms since 1970.
 * The store makes a new one on each change; elements never talk to the client library.
 */
export interface PhoneSnapshot {
  readonly place: PlaceProblem | undefined;
  readonly link: 'offline' | 'connecting' | 'online' | 'reconnecting';
  readonly own: OwnAddress | undefined;
  /** Own address being fetched, or the plain sentence why it failed. */
  readonly ownState: { readonly busy: boolean; readonly error?: string };
  readonly calls: readonly CallView[];
  /** The call on the big screen; others wait on hold or ring. */
  readonly activeCall: string | undefined;
  /** Last ended call, until dismissed. */
  readonly ended: EndedView | undefined;
  readonly recents: readonly Recent[];
  readonly devices: DeviceChoice;
  readonly permission: 'unknown' | 'asking' | 'granted' | 'denied' | 'none';
  readonly notices: readonly Notice[];
  /** Whom the own address does not want to hear of, the last one blocked first. */
  readonly blocked: readonly BlockedPerson[];
  /** Calls do not ring in this browser: their callers hear that this side is busy, unless another device answers. */
  readonly isUndisturbed: boolean;
  readonly chat: ChatSnapshot;
  /** Domain of the gateway, once it has said so: completes a bare name, and tells "here" from elsewhere. */
  readonly domain?: string;
}

/** What the place itself lacks, worst first. */
export type PlaceProblem = 'insecure' | 'unsupported' | 'no-microphone' | 'offline' | 'server-gone';

export interface OwnAddress {
  readonly address: string;
  readonly displayName: string;
  readonly lifetime: 'temporary' | 'permanent';
  readonly expiresAt?: number;
  readonly registration: 'none' | 'registering' | 'registered' | 'failed';
  readonly reason?: string;
}

export interface CallView {
  readonly id: string;
  readonly direction: 'outgoing' | 'incoming';
  /** `isVerified`: the far side proved that it owns the address; undefined when nobody could tell. */
  readonly peer: { readonly uri: string; readonly displayName: string; readonly isVerified?: boolean };
  readonly phase: 'devices' | 'calling' | 'ringing' | 'early' | 'incoming' | 'connecting' | 'established' | 'ending';
  readonly since: number;
  readonly establishedAt?: number;
  readonly hasLocalVideo: boolean;
  readonly hasRemoteVideo: boolean;
  readonly offersVideo: boolean;
  readonly isMuted: boolean;
  readonly isCameraOff: boolean;
  readonly isSharingScreen: boolean;
  readonly isHeldByMe: boolean;
  readonly isHeldByThem: boolean;
  readonly isReconnecting: boolean;
  /** 3 good, 2 fair, 1 bad, 0 nothing arrives; a sentence for the hover. */
  readonly quality: { readonly bars: 0 | 1 | 2 | 3; readonly sentence: string } | undefined;
  /** The other side asks for video. */
  readonly wantsVideo: boolean;
  /** How far handing the other side on is; undefined when nobody wants that. */
  readonly transfer: TransferView | undefined;
}

export interface TransferView {
  /** Name or address of the new partner. */
  readonly to: string;
  readonly phase: 'trying' | 'ringing' | 'failed';
  /** Why it failed; the call goes on. */
  readonly sentence?: string;
}

export interface EndedView {
  readonly call: string;
  readonly uri: string;
  readonly withVideo: boolean;
  /** `ok` when it was an ordinary end. */
  readonly kind: 'ok' | 'failed' | 'missed';
  readonly sentence: string;
  /** `486 Busy Here`, behind "details". */
  readonly reason: string;
  readonly durationMs: number;
  /** Where the gateway listens, when nothing at all got through to it: what the network must let out. */
  readonly unreached?: readonly MediaAddress[];
}

export interface BlockedPerson {
  readonly uri: string;
  readonly displayName: string;
  readonly at: number;
}

export interface Recent {
  readonly uri: string;
  readonly displayName: string;
  readonly direction: 'outgoing' | 'incoming' | 'missed';
  readonly at: number;
  readonly withVideo: boolean;
  readonly durationMs: number;
}

export interface DeviceChoice {
  readonly microphones: readonly { readonly id: string; readonly label: string }[];
  readonly cameras: readonly { readonly id: string; readonly label: string }[];
  readonly speakers: readonly { readonly id: string; readonly label: string }[];
  readonly microphone?: string;
  readonly camera?: string;
  readonly speaker?: string;
}

export interface Notice {
  readonly id: string;
  readonly kind: 'info' | 'warning' | 'missed';
  readonly sentence: string;
  /** For a missed call: whom to call back. */
  readonly uri?: string;
  /** For somebody who was just blocked: whom to allow again. */
  readonly unblock?: string;
}

/** What a person can do; each resolves when it is under way and rejects with a sentence for the person. */
export interface PhoneActions {
  call(uri: string, media: { audio: boolean; video: boolean }): Promise<string>;
  answer(call: string, media: { video: boolean }): Promise<void>;
  decline(call: string): void;
  hangUp(call: string): void;
  /** Declines the call that rings, and all that will come from the same address, in this browser. */
  block(call: string): void;
  unblock(uri: string): void;
  /** Whether calls do not ring in this browser, from now on and after a reload. */
  doNotDisturb(isOn: boolean): void;
  mute(call: string, isMuted: boolean): void;
  camera(call: string, isOn: boolean): Promise<void>;
  shareScreen(call: string, isOn: boolean): Promise<void>;
  hold(call: string, isHeld: boolean): Promise<void>;
  acceptVideo(call: string, isAccepted: boolean): Promise<void>;
  /** Hands the other side on: to an address, or to the other side of another running call. */
  transfer(call: string, to: { readonly uri: string } | { readonly call: string }): Promise<void>;
  /** A failed transfer has been read. */
  dismissTransfer(call: string): void;
  sendDtmf(call: string, digit: string): void;
  chooseDevice(kind: 'microphone' | 'camera' | 'speaker', id: string): Promise<void>;
  getAddress(
    wish: { lifetime: 'temporary' } | { lifetime: 'permanent'; name: string; password: string },
  ): Promise<void>;
  signIn(address: string, password: string): Promise<void>;
  /** Temporary becomes permanent under the chosen name; the old address stays until it expires. */
  keepAddress(name: string, password: string): Promise<void>;
  /** Only this browser is not called any more; the address stays as it is. */
  signOut(): Promise<void>;
  /** Gives the address back for good, on every device. */
  forgetAddress(): Promise<void>;
  dismissEnded(): void;
  dismissNotice(id: string): void;
  /** The ladder of a call as text, for "details". */
  ladder(call: string): Promise<string>;
  retryLink(): void;
}

export interface PhoneStore extends PhoneActions {
  readonly snapshot: PhoneSnapshot;
  readonly chats: ChatActions;
  /** @returns a function that ends the subscription */
  subscribe(listener: (snapshot: PhoneSnapshot) => void): () => void;
  /** All sentences from now on in other words, or another language. */
  speak(messages: StoreMessages): void;
  /** Streams for the video elements; live, so not part of the snapshot. */
  streams(call: string): { local: MediaStream | undefined; remote: MediaStream | undefined };
  close(): void;
}
