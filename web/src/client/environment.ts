import { type Clock, systemClock } from './clock.ts';

/**
 * What the library needs of the browser. Looked up when it is used and never at import, so that the module
 * loads in Node as well; each part can be replaced through `createConnection({ environment })`.
 */
export interface Environment {
  readonly clock: Clock;
  openSocket(url: string, protocol: string): Socket;
  /** `undefined` where there is no WebRTC. */
  readonly newPeerConnection: ((config: RTCConfiguration) => RTCPeerConnection) | undefined;
  newMediaStream(tracks: readonly MediaStreamTrack[]): MediaStream;
  /** Calls back when the machine has got another network, or its old one again. */
  onNetworkChanged(listener: () => void): () => void;
  readonly userAgent: string;
}

/** The part of a WebSocket that is used. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export function browserEnvironment(): Environment {
  return {
    clock: systemClock,
    openSocket: (url, protocol) => new WebSocket(url, protocol),
    newPeerConnection: typeof RTCPeerConnection === 'undefined' ? undefined : (config) => new RTCPeerConnection(config),
    newMediaStream: (tracks) => new MediaStream([...tracks]),
    onNetworkChanged: listenToNetwork,
    userAgent: typeof navigator === 'undefined' ? '' : navigator.userAgent,
  };
}

/** `online` comes when a network is back; on phones the `type` of the connection changes without it. */
function listenToNetwork(listener: () => void): () => void {
  if (typeof window === 'undefined') return () => undefined;
  const forgetType = listenToNetworkType(listener);
  window.addEventListener('online', listener);
  return () => {
    window.removeEventListener('online', listener);
    forgetType();
  };
}

function listenToNetworkType(listener: () => void): () => void {
  const connection: unknown = 'connection' in navigator ? navigator.connection : undefined;
  if (!(connection instanceof EventTarget)) return () => undefined;
  let type = typeOf(connection);
  // `change` also tells of mere changes of speed, which are no reason to do anything.
  const compare = () => {
    const now = typeOf(connection);
    if (now === type) return;
    type = now;
    if (now !== 'none') listener();
  };
  connection.addEventListener('change', compare);
  return () => connection.removeEventListener('change', compare);
}

const typeOf = (connection: object): unknown => ('type' in connection ? connection.type : undefined);
