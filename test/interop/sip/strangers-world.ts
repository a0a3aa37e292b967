import { systemClock } from '../../../media-edge/src/main/system-clock.ts';
import { peerNetworks } from '../../../media-edge/src/network/peer-networks.ts';
import type { FakeSipPeer } from '../../fakes/fake-sip-peer.ts';
import { phoneSdp, randomToken, sipMessage } from '../../fakes/sip-text.ts';
import { SipWorld, type SipWorldOptions } from '../../scenario/sip-world.ts';

/** Who is asked for. */
export const uri = 'sip:alice@gateway.test';

/** Where strangers may have their media; they themselves are on loopback, which is nobody's network here. */
export const publicSdp = phoneSdp({ address: '198.41.0.4' });

export interface AskParts {
  readonly headers?: readonly string[];
  readonly sdp?: string;
  readonly to?: string;
  readonly branch?: string;
}

/** A gateway among strangers: only 127.0.0.9 is a friend, and its own address. */
export class StrangersWorld {
  readonly world: SipWorld;
  /** Moves its clock on, in ms; timers of transactions are not touched. */
  readonly ahead: (ms: number) => void;

  private constructor(world: SipWorld, ahead: (ms: number) => void) {
    this.world = world;
    this.ahead = ahead;
  }

  static async open(options: SipWorldOptions = {}): Promise<StrangersWorld> {
    let aheadMs = 0;
    const world = await SipWorld.open({
      networks: peerNetworks(['127.0.0.9/32']),
      ...options,
      clock: { now: () => Date.now() + aheadMs, after: systemClock.after },
    });
    return new StrangersWorld(world, (ms) => {
      aheadMs += ms;
    });
  }

  get counts() {
    return this.world.endpoint.counts;
  }

  /** A stranger with an address of its own. */
  stranger(host: number, protocol: 'udp' | 'tcp' = 'udp'): Promise<FakeSipPeer> {
    return this.world.peer({ address: `127.0.7.${host}`, user: 'eve', protocol });
  }

  sends(peer: FakeSipPeer, text: string): void {
    peer.sendTo(this.world.gateway.address, this.world.gateway.port, text);
  }

  /** A request as this peer would send it. */
  ask(peer: FakeSipPeer, method: string, target: string, parts: AskParts = {}): string {
    const { headers = [], sdp, to = `<${uri}>`, branch = `z9hG4bK${randomToken()}` } = parts;
    const text = sipMessage(
      [
        `${method} ${target} SIP/2.0`,
        `Via: ${peer.via(branch)}`,
        `From: <sip:eve@${peer.address}>;tag=e`,
        `To: ${to}`,
        `Call-ID: ${randomToken()}`,
        `CSeq: 1 ${method}`,
        'Max-Forwards: 70',
        `Contact: ${peer.contact}`,
        ...headers,
      ],
      sdp,
    );
    this.sends(peer, text);
    return text;
  }

  /** All that was sent to the gateway so far has been worked on: a friend's question was, which came later. */
  async isQuiet(): Promise<void> {
    const friend = await this.world.peer({ address: '127.0.0.9', user: 'friend' });
    for (let time = 0; time < 2; time++) {
      this.ask(friend, 'OPTIONS', 'sip:gateway.test');
      await friend.receives('200');
    }
  }

  close(): Promise<void> {
    return this.world.close();
  }
}
