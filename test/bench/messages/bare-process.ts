/**
 * The least that can hand a text from one browser to another: one process that keeps who is there in memory. It knows no
 * password, stores nothing and tells no other device: a floor to compare with, not a gateway.
 */
import { type WebSocket, WebSocketServer } from 'ws';

const there = new Map<string, WebSocket>();
const say = (socket: WebSocket | undefined, frame: object) => socket?.send(JSON.stringify(frame));

const server = new WebSocketServer({ port: Number(process.argv[2]), host: '127.0.0.1' });
server.on('listening', () => console.log('ready'));
server.on('connection', (socket) => {
  say(socket, { sylkrtc: 'ready-event' });
  socket.on('message', (data) => {
    const { sylkrtc, transaction, account, uri, ...text } = JSON.parse(String(data));
    if (sylkrtc === 'account-add') there.set(account, socket);
    if (sylkrtc === 'account-message')
      say(there.get(uri), {
        sylkrtc: 'account-event',
        account: uri,
        event: 'message',
        sender: { uri: account },
        ...text,
      });
    say(socket, { sylkrtc: 'ack', transaction });
  });
});
