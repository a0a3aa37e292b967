import { aor, callId } from '@sylk/protocol/ids.ts';
import type { EndCause } from '../../media-edge/src/call/end-cause.ts';
import type { Offer } from '../../media-edge/src/call/media.ts';
import type { DialOptions, IncomingInvite, SipEndpoint } from '../../media-edge/src/ports/sip-endpoint.ts';
import { FakeLeg } from './fake-leg.ts';

/** SIP without SIP: each leg that is dialled, or comes in, is one that the test speaks for. */
export class FakeSipEndpoint implements SipEndpoint {
  readonly dialled: { readonly options: DialOptions; readonly leg: FakeLeg }[] = [];
  /** Domains that cannot be found, with the words for it. */
  readonly lost = new Map<string, string>();
  /** What `dial` throws, as only a fault of ours does. */
  fault: Error | undefined;
  #callback: (invite: IncomingInvite) => void = () => undefined;

  dial(options: DialOptions): FakeLeg {
    if (this.fault !== undefined) throw this.fault;
    const leg = new FakeLeg(`sip-${this.dialled.length}`);
    this.dialled.push({ options, leg });
    return leg;
  }

  async lookUpProblem(to: string): Promise<string | undefined> {
    return this.lost.get(to.slice(to.indexOf('@') + 1));
  }

  onInvite(callback: (invite: IncomingInvite) => void): void {
    this.#callback = callback;
  }

  /** An INVITE comes in. */
  invited(
    to: string,
    offer: Offer,
    fields: Partial<Pick<IncomingInvite, 'headers' | 'callId' | 'replaces'>> = {},
  ): FakeInvite {
    const invite = new FakeInvite(to, offer, fields);
    this.#callback(invite);
    return invite;
  }

  async close(): Promise<void> {
    this.#callback = () => undefined;
  }
}

export class FakeInvite implements IncomingInvite {
  readonly callId;
  readonly from = { uri: aor('carol@phones.example'), displayName: 'Carol' };
  readonly to;
  readonly headers: Readonly<Record<string, string>>;
  readonly offer: Offer;
  readonly aLeg = new FakeLeg('caller');
  readonly replaces: IncomingInvite['replaces'];
  rejected: EndCause | undefined;

  constructor(to: string, offer: Offer, fields: Partial<Pick<IncomingInvite, 'headers' | 'callId' | 'replaces'>>) {
    this.to = aor(to);
    this.offer = offer;
    this.callId = fields.callId ?? callId('call-of-carol');
    this.headers = fields.headers ?? {};
    this.replaces = fields.replaces;
  }

  onCancelled(): void {
    // The leg tells it, once there is one.
  }

  leg(): FakeLeg {
    return this.aLeg;
  }

  reject(cause: EndCause): void {
    this.rejected = cause;
  }
}
