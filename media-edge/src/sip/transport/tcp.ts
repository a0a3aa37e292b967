import { connect } from 'node:net';
import type { StreamTransport } from './stream-transport.ts';

/** TCP is ready as it comes, and proves nobody's name. */
export const tcpTransport: StreamTransport = {
  protocol: 'TCP',
  accept: (socket, ready) => ready({ socket, identities: [] }),
  connect({ address, port }, localAddress, signal) {
    const socket = connect({ host: address, port, localAddress });
    return new Promise((resolve, reject) => {
      const abort = () => socket.destroy(new Error('no answer in time'));
      signal.addEventListener('abort', abort, { once: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        signal.removeEventListener('abort', abort);
        socket.removeListener('error', reject);
        resolve({ socket, identities: [] });
      });
    });
  },
  close: () => undefined,
};
