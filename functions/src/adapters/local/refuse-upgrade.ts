import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Answers an upgrade request with an HTTP status instead of a WebSocket.
 *
 * @param text the reason, in the status line and the body
 */
export const refuseUpgrade = (socket: Duplex, status: number, text = STATUS_CODES[status] ?? ''): void => {
  const head = [
    `HTTP/1.1 ${status} ${text}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  // The client may never close its half, and no server watches the socket any more.
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
};
