import type { CallResumeState } from '../../../web/src/client/index.ts';

/** What a test sees of one call in the page. Crosses from the page to the test, so it is plain data. */
export interface SeenCall {
  readonly id: string;
  readonly direction: string;
  readonly state: string | null;
  /** All states so far, the first one included. */
  readonly states: readonly (string | null)[];
  readonly reason?: string;
  readonly callId?: string;
  readonly events: readonly { readonly name: string; readonly detail: unknown }[];
}

/** Media of one call by the browser's own counters: what comes in, unless said otherwise. */
export interface SeenMedia {
  readonly audioPackets: number;
  readonly audioLost: number;
  readonly audioCodec?: string;
  readonly videoPackets: number;
  readonly videoLost: number;
  readonly videoFrames: number;
  readonly videoWidth: number;
  readonly videoCodec?: string;
  /** What the browser wants to send at most now, bits per second. */
  readonly videoTargetBps: number;
}

/** What a call is made with. */
export interface Wanted {
  readonly video?: boolean;
  readonly headers?: { name: string; value: string }[];
}

/** The telephone in the page, as the test reaches it: `window.phone`. */
export interface InPage {
  readonly missed: readonly { readonly uri: string }[];
  call(uri: string, wanted: Wanted): Promise<string>;
  answer(id: string, wanted: Wanted): Promise<void>;
  /** A method of the library's Call, by its name. */
  act(id: string, method: string, args: unknown[]): Promise<void>;
  /** What a page keeps of a call for the page after a reload. */
  resumeState(id: string): CallResumeState | undefined;
  restore(state: CallResumeState, wanted: Wanted): Promise<void>;
  addVideo(id: string, kind: 'camera' | 'screen'): Promise<void>;
  /** Of all video codecs only this one from now on. */
  sendVideoIn(mimeType: string | undefined): void;
  see(id: string): SeenCall;
  takeIncoming(): string | undefined;
  media(id: string): Promise<SeenMedia>;
  heardHz(id: string): Promise<number>;
}

declare global {
  interface Window {
    phone: InPage;
    installPhone(address: string, password: string): Promise<void>;
  }
}
