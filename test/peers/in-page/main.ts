import type { Account, Call, Connection } from '../../../web/src/client/index.ts';
import { heardHz, receivedMedia } from './listening.ts';
import { devices, drawnScreen } from './streams.ts';
import { sendVideoIn } from './video-codec.ts';
import { WatchedCall } from './watched-call.ts';

type Library = typeof import('../../../web/src/client/index.ts');

/** Signs in with the library that this page's own gateway serves, and hangs the telephone on the window. */
window.installPhone = async (address, password) => {
  const { connection, account } = await signIn(address, password);
  const calls = new Map<string, WatchedCall>();
  const untaken: string[] = [];
  const missed: { uri: string }[] = [];
  const watch = (call: Call) => calls.set(call.id, new WatchedCall(call));
  account.on('outgoingCall', watch);
  account.on('incomingCall', (call) => {
    watch(call);
    untaken.push(call.id);
  });
  account.on('missedCall', ({ originator }) => missed.push({ uri: originator.uri }));
  const find = (id: string): WatchedCall => {
    const known = calls.get(id);
    if (known === undefined) throw new Error(`no call ${id}`);
    return known;
  };
  window.phone = {
    missed,
    call: async (uri, { video = false, headers }) =>
      account.call(uri, { localStream: await devices(video), headers }).id,
    answer: async (id, { video = false }) => find(id).call.answer({ localStream: await devices(video) }),
    act: (id, method, args) => act(find(id).call, method, args),
    resumeState: (id) => find(id).call.resumeState,
    restore: async (state, { video = false }) => {
      const call = connection.restore(state, { localStream: await devices(video) });
      watch(call);
    },
    addVideo: async (id, kind) => {
      const localStream = kind === 'screen' ? drawnScreen() : await devices(true);
      // Its promise waits for the other side's consent, which the test gives only later.
      void find(id).call.addVideo({ localStream });
    },
    sendVideoIn,
    see: (id) => find(id).see(),
    takeIncoming: () => untaken.shift(),
    media: (id) => receivedMedia(find(id).call),
    heardHz: (id) => heardHz(find(id).call),
  };
  await registered(account);
};

async function signIn(address: string, password: string): Promise<{ connection: Connection; account: Account }> {
  const library: Library = await import(new URL('/sylkrtc.js', location.origin).href);
  const connection = library.createConnection({ server: `ws://${location.host}/webrtcgateway/ws` });
  // A socket may be lost before the answer comes; a person's page asks again, once there is another.
  for (;;) {
    await ready(connection);
    const account = await added(connection, address, password);
    if (account !== undefined) return { connection, account };
  }
}

function ready(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    if (connection.state === 'ready') resolve();
    else connection.on('stateChanged', (_old, now) => now === 'ready' && resolve());
  });
}

/** @returns undefined when the socket was lost meanwhile */
function added(connection: Connection, address: string, password: string): Promise<Account | undefined> {
  return new Promise((resolve, reject) => {
    connection.addAccount({ account: address, password }, (error, made) => {
      const isLost = error?.message === 'Connection closed' || error?.message === 'Connection is not ready';
      if (made || isLost) resolve(made ?? undefined);
      else reject(error);
    });
  });
}

function registered(account: Account): Promise<void> {
  return new Promise((resolve, reject) => {
    account.on('registrationStateChanged', (_old, now, { reason }) => {
      if (now === 'registered') resolve();
      if (now === 'failed') reject(new Error(reason));
    });
    account.register();
  });
}

async function act(call: Call, method: string, args: unknown[]): Promise<void> {
  const found: unknown = Reflect.get(call, method);
  if (typeof found !== 'function') throw new Error(`a call has no method ${method}`);
  await Reflect.apply(found, call, args);
}
