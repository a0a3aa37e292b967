import type { Account } from '../../web/src/client/account.ts';
import type { Call } from '../../web/src/client/call.ts';
import { Connection, type ConnectionOptions } from '../../web/src/client/connection.ts';
import type { Environment } from '../../web/src/client/environment.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeGateway, type FakeGatewayOptions } from './fake-gateway.ts';
import { FakeMediaStream } from './fake-media-stream.ts';
import { FakePeerConnection } from './fake-peer-connection.ts';

/** A page of the client library with a gateway, a network and a clock in the test's hands. */
export class ClientWorld {
  readonly clock = new FakeClock();
  readonly gateway: FakeGateway;
  readonly peers: FakePeerConnection[] = [];
  readonly connections: Connection[] = [];
  #networkListeners: (() => void)[] = [];

  constructor(options: Omit<FakeGatewayOptions, 'clock'> = {}) {
    this.gateway = new FakeGateway({ ...options, clock: this.clock });
  }

  get environment(): Environment {
    return {
      clock: this.clock,
      openSocket: this.gateway.openSocket,
      newPeerConnection: (configuration) => {
        const peer = new FakePeerConnection(configuration);
        this.peers.push(peer);
        return peer;
      },
      newMediaStream: (tracks) => new FakeMediaStream(tracks),
      onNetworkChanged: (listener) => {
        this.#networkListeners.push(listener);
        return () => {
          this.#networkListeners = this.#networkListeners.filter((one) => one !== listener);
        };
      },
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36',
    };
  }

  /** The machine gets another network. */
  changeNetwork(): void {
    for (const listener of this.#networkListeners) listener();
  }

  connect(options: Partial<ConnectionOptions> = {}): Connection {
    const connection = new Connection({
      server: 'wss://gateway.test/webrtcgateway/ws',
      environment: this.environment,
      ...options,
    });
    this.connections.push(connection);
    return connection;
  }

  /** A connection that is ready, with Alice's account registered on it. */
  async signIn(options: Partial<ConnectionOptions> = {}): Promise<{ connection: Connection; alice: Account }> {
    const connection = this.connect({ device: 'alice-browser', ...options });
    await this.clock.advance(600);
    const alice = connection.addAccount({ account: 'alice@example.org', password: 'secret', displayName: 'Alice' });
    await this.clock.advance(20);
    alice.register();
    await this.clock.advance(20);
    return { connection, alice };
  }

  /** The peer connection made last. */
  get peer(): FakePeerConnection {
    const peer = this.peers.at(-1);
    if (peer === undefined) throw new Error('no call has opened its media yet');
    return peer;
  }

  /** Requests of this name that the gateway has carried out. */
  carriedOut(name: string): Readonly<Record<string, unknown>>[] {
    return this.gateway.carriedOut.filter((request) => request.sylkrtc === name);
  }
}

/** The states of a call, written down as they come. */
export function writeStates(call: Call): string[] {
  const states: string[] = [];
  call.on('stateChanged', (_old, state, data) =>
    states.push(data.reason === undefined ? String(state) : `${state} ${data.reason}`),
  );
  return states;
}

/** The states of a connection, written down as they come. */
export function writeConnectionStates(connection: Connection): string[] {
  const states: string[] = [];
  connection.on('stateChanged', (from, to) => states.push(`${from} -> ${to}`));
  return states;
}
