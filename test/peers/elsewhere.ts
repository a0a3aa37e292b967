import { createHash } from 'node:crypto';
import type { DigestAlgorithm } from '@sylk/protocol/digest-claim.ts';
import { aor } from '@sylk/protocol/ids.ts';
import { systemClock } from '../../media-edge/src/main/system-clock.ts';
import { peerNetworks } from '../../media-edge/src/network/peer-networks.ts';
import type { ElsewhereAccount } from '../../media-edge/src/sip/registration/account.ts';
import type { RegistrationState } from '../../media-edge/src/sip/registration/registration.ts';
import type { RegistrationTimes } from '../../media-edge/src/sip/registration/when-again.ts';
import { type GatewaySipEndpoint, openSipEndpoint } from '../../media-edge/src/sip/sip-endpoint.ts';
import type { SipTimers } from '../../media-edge/src/sip/sip-timers.ts';
import { freePort } from './ports.ts';

/** An account of a provider, as signaling hands it to an edge. */
export function providerAccount(
  user: string,
  realm: string,
  change: Partial<ElsewhereAccount> & {
    readonly password?: string;
    readonly algorithms?: readonly DigestAlgorithm[];
    readonly realms?: readonly string[];
  } = {},
): ElsewhereAccount {
  const { password = `pw-${user}`, algorithms = ['MD5'], realms = [realm], ...rest } = change;
  const hashes = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' } as const;
  const ha1 = (algorithm: DigestAlgorithm, inRealm: string) =>
    createHash(hashes[algorithm]).update(`${user}:${inRealm}:${password}`).digest('hex');
  return {
    aor: aor(`${user}@${realm}`),
    contact: `u${createHash('md5').update(`${user}@${realm}`).digest('hex')}`,
    credentials: `${password} ${algorithms} ${realms}`,
    keys: realms.flatMap((inRealm) =>
      algorithms.map((algorithm) => ({ username: user, realm: inRealm, algorithm, ha1: ha1(algorithm, inRealm) })),
    ),
    ...rest,
  };
}

/** The SIP side of an edge, without media: it registers accounts elsewhere. */
export class RegisteringEdge {
  readonly endpoint: GatewaySipEndpoint;
  readonly port: number;
  /** What was told of each account, in order. */
  readonly told: { readonly aor: string; readonly credentials: string; readonly state: RegistrationState }[] = [];
  #waiting: (() => void)[] = [];

  private constructor(endpoint: GatewaySipEndpoint, port: number) {
    this.endpoint = endpoint;
    this.port = port;
    endpoint.registrations.onState((account, credentials, state) => {
      this.told.push({ aor: account, credentials, state });
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  static async open(
    options: { readonly times?: Partial<RegistrationTimes>; readonly timers?: Partial<SipTimers> } = {},
  ): Promise<RegisteringEdge> {
    const port = await freePort();
    const endpoint = await openSipEndpoint({
      addresses: ['127.0.0.1'],
      clock: systemClock,
      port,
      networks: peerNetworks(['127.0.0.0/8']),
      isOurDomain: (host) => host === 'gateway.test',
      registrationTimes: { expiresS: 600, retryMs: 200, maxRetryMs: 1_000, ...options.times },
      timers: { t1Ms: 50, t2Ms: 200, t4Ms: 200, ...options.timers },
    });
    return new RegisteringEdge(endpoint, port);
  }

  /** Registers, and waits for what is told next of this account: `registered`, or the reason of the failure. */
  async register(account: ElsewhereAccount): Promise<string> {
    const seen = this.told.length;
    this.endpoint.registrations.register(account);
    return this.next(account.aor, seen);
  }

  /** What is told of an account after the first `seen` of all. */
  async next(account: string, seen: number, timeoutMs = 5_000): Promise<string> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const found = this.told.slice(seen).find((one) => one.aor === account);
      if (found !== undefined) return found.state.state === 'failed' ? found.state.reason : found.state.state;
      const leftMs = until - Date.now();
      if (leftMs <= 0)
        throw new Error(`nothing was told of ${account} in ${timeoutMs} ms: ${JSON.stringify(this.told)}`);
      await this.#wake(leftMs);
    }
  }

  close(): Promise<void> {
    return this.endpoint.close();
  }

  #wake(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
