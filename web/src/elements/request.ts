import type { PhoneActions } from '../store/snapshot.ts';

/** What an inner element asks the store for. The public element alone carries it out. */
export type StoreRequest =
  | { readonly kind: 'call'; readonly uri: string; readonly audio: boolean; readonly video: boolean }
  | { readonly kind: 'answer'; readonly call: string; readonly video: boolean }
  | { readonly kind: 'decline' | 'hang-up' | 'block' | 'dismiss-transfer'; readonly call: string }
  | { readonly kind: 'unblock'; readonly uri: string }
  | { readonly kind: 'undisturbed'; readonly isOn: boolean }
  | {
      readonly kind: 'mute' | 'camera' | 'screen' | 'hold' | 'accept-video';
      readonly call: string;
      readonly isOn: boolean;
    }
  | { readonly kind: 'dtmf'; readonly call: string; readonly digit: string }
  | {
      readonly kind: 'transfer';
      readonly call: string;
      readonly to: { readonly uri: string } | { readonly call: string };
    }
  | { readonly kind: 'device'; readonly device: 'microphone' | 'camera' | 'speaker'; readonly id: string }
  | { readonly kind: 'address'; readonly wish: Parameters<PhoneActions['getAddress']>[0] }
  | { readonly kind: 'sign-in' | 'keep'; readonly name: string; readonly password: string }
  | ChatRequest
  | { readonly kind: 'forget' | 'sign-out' | 'dismiss-ended' | 'retry' };

/** What is asked about messages. Conversations and messages are named by their ids. */
export type ChatRequest =
  | { readonly kind: 'write-to'; readonly uri: string }
  | { readonly kind: 'send'; readonly conversation: string; readonly text: string }
  | { readonly kind: 'composing'; readonly conversation: string; readonly isEmpty: boolean }
  | { readonly kind: 'resend' | 'remove-message'; readonly conversation: string; readonly message: string }
  | {
      readonly kind: 'open-conversation' | 'seen' | 'remove-conversation' | 'accept-request' | 'block-contact';
      readonly conversation: string;
    }
  | { readonly kind: 'close-conversation' };

/** What an inner element asks of the view alone: no call and no address changes by it. */
export type ViewRequest =
  | { readonly kind: 'open'; readonly sheet: SheetName }
  | { readonly kind: 'pick'; readonly uri: string }
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'shortcuts'; readonly isOn: boolean }
  | { readonly kind: 'details'; readonly call: string }
  | { readonly kind: 'dismiss-notice'; readonly id: string }
  | { readonly kind: 'close' | 'notify' | 'open-chat' | 'close-chat' | 'sound' | 'sound-blocked' | 'give-up' };

export type Request = StoreRequest | ViewRequest;

/** Sheets that lie over a screen until they are closed. */
export type SheetName = 'address' | 'blocked' | 'devices' | 'keypad' | 'transfer';

/** Carries one `Request` up to the public element as `sylk-<kind>-request`; it is not seen outside of that element. */
export class RequestEvent extends Event {
  readonly request: Request;

  constructor(request: Request) {
    super(`sylk-${request.kind}-request`, { bubbles: true, composed: true });
    this.request = request;
  }
}

/** Every kind, so that one listener can be attached for each; the type makes a forgotten kind fail to compile. */
const kinds: Record<Request['kind'], true> = {
  call: true,
  answer: true,
  decline: true,
  'hang-up': true,
  block: true,
  unblock: true,
  undisturbed: true,
  details: true,
  mute: true,
  camera: true,
  screen: true,
  hold: true,
  'accept-video': true,
  dtmf: true,
  transfer: true,
  'dismiss-transfer': true,
  device: true,
  address: true,
  'sign-in': true,
  keep: true,
  'sign-out': true,
  forget: true,
  'dismiss-ended': true,
  retry: true,
  'write-to': true,
  send: true,
  composing: true,
  resend: true,
  'remove-message': true,
  'open-conversation': true,
  seen: true,
  'remove-conversation': true,
  'accept-request': true,
  'block-contact': true,
  'close-conversation': true,
  'open-chat': true,
  'close-chat': true,
  notify: true,
  sound: true,
  'sound-blocked': true,
  'dismiss-notice': true,
  open: true,
  close: true,
  pick: true,
  typed: true,
  shortcuts: true,
  'give-up': true,
};

/** Names of all request events. */
export const requestEventNames: readonly string[] = Object.keys(kinds).map((kind) => `sylk-${kind}-request`);
