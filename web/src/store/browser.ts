import type { Clock } from '../client/clock.ts';
import type { Environment } from '../client/environment.ts';
import type { ChatArchive } from './chat/chat-archive.ts';

/** All that the phone needs of the browser it runs in; `web-browser.ts` has it, a test makes it up. */
export interface Browser {
  readonly clock: Clock;
  /** For the client library. */
  readonly environment: Partial<Environment>;
  /** Browsers give microphone and camera to secure pages only. */
  readonly isSecure: boolean;
  readonly hasWebRtc: boolean;
  /** `https://host`, where the page comes from. */
  readonly origin: string;
  /** Absent on insecure pages. */
  readonly media: MediaSource | undefined;
  /** Kept as long as the browser keeps it, shared by all tabs. */
  readonly memory: Memory;
  /** Of this tab, over a reload. */
  readonly tabMemory: Memory;
  readonly chats: ChatArchive;
  readonly network: {
    isOnline(): boolean;
    onChanged(listener: () => void): () => void;
  };
  readonly page: {
    /** The person looks at it again. */
    onShown(listener: () => void): () => void;
    /** It is left, loaded anew or closed. */
    onLeft(listener: () => void): () => void;
  };
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Whether this tab may use the name alone for as long as it lives. */
  claim(name: string): Promise<boolean>;
  /** Keeps the screen on; the returned function lets it go. */
  keepAwake(): () => void;
}

export interface Memory {
  read(key: string): string | undefined;
  write(key: string, value: string): void;
  forget(key: string): void;
}

/** Microphones, cameras and screens. Rejects with the browser's own `DOMException`s. */
export interface MediaSource {
  open(constraints: MediaStreamConstraints): Promise<MediaStream>;
  openScreen(): Promise<MediaStream>;
  list(): Promise<readonly MediaDevice[]>;
  onChanged(listener: () => void): () => void;
  /** Whether the browser would ask the person now; `unknown` where it does not say. */
  permission(kind: 'microphone' | 'camera'): Promise<'granted' | 'denied' | 'prompt' | 'unknown'>;
}

export interface MediaDevice {
  readonly kind: MediaDeviceKind;
  readonly id: string;
  /** Empty before the person has allowed anything. */
  readonly label: string;
}
