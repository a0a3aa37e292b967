import type { WebSocketAnswer } from './events.ts';

/** @param offered the header `Sec-WebSocket-Protocol` of a client: names separated by commas (RFC 6455 s. 11.3.4) */
export const offersProtocol = (offered: string | undefined, name: string): boolean =>
  offered?.split(',').some((one) => one.trim() === name) ?? false;

/** Opens a WebSocket with this sub-protocol; a browser that asked for one and is told none gives up. */
export const acceptedProtocol = (name: string): WebSocketAnswer => ({
  statusCode: 200,
  headers: { 'Sec-WebSocket-Protocol': name },
});
