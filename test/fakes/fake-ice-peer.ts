import type { IcePeerTransport } from '../../media-edge/src/ports/sfu.ts';
import { FakePlainTransport } from './fake-plain-transport.ts';

/** Remembers with whom it was connected. */
export class FakeIcePeer extends FakePlainTransport implements IcePeerTransport {
  readonly ice = { usernameFragment: 'fakeufrag', password: 'fake-password-of-32-characters-ab' };
  readonly candidates = [
    { foundation: 'udp', priority: 1, address: this.address, port: this.port, protocol: 'udp' as const },
  ];
  readonly fingerprint = { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') };
  readonly connections: Parameters<IcePeerTransport['connect']>[0][] = [];

  async connect(dtls: Parameters<IcePeerTransport['connect']>[0]): Promise<void> {
    this.connections.push(dtls);
  }
}
