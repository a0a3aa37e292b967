import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import type { RingAnswer } from '@sylk/protocol/edge/reports.ts';
import type { Aor, LegId, SessionId, SessionKey } from '@sylk/protocol/ids.ts';
import type { CallLeg } from '../call/call-leg.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import { isMissed, type Outcome } from '../call/missed.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Router } from '../ports/sfu.ts';
import { shownHeaders } from '../webrtc/shown-headers.ts';
import { WebRtcLeg } from '../webrtc/webrtc-leg.ts';
import { newLegId, sessionIdOf } from './identity.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';
import type { Party } from './party.ts';
import { isSamePhone, phoneLeg } from './phone-leg.ts';

export interface CalledAccountOptions {
  readonly parts: ExchangeParts;
  readonly plan: CallPlan;
  readonly router: Router;
  readonly ladder: Ladder;
  readonly aor: Aor;
  /** Of the registration at a provider by which it is called. */
  readonly credentials?: string;
  /** The device that calls does not ring, if it belongs to the same account. */
  readonly caller?: Attachment;
  /** Why it takes no more calls. */
  readonly isFull: () => EndCause | undefined;
}

/** An account of ours that is called: its devices that ring, who of them wins, and whether the call was missed. */
export class CalledAccount {
  readonly #options: CalledAccountOptions;
  readonly #beganAt: number;
  readonly #legs = new Map<LegId, { readonly leg: WebRtcLeg; readonly to: Attachment }>();
  /** True once signaling has said that there is such an account. */
  #exists = false;
  #outcome: Outcome | undefined;
  #winner: Party['client'];

  constructor(options: CalledAccountOptions) {
    this.#options = options;
    this.#beganAt = options.parts.clock.now();
  }

  /** The id that the devices know the call by. */
  get session(): SessionId {
    return sessionIdOf(this.#options.plan.id);
  }

  get aor(): Aor {
    return this.#options.aor;
  }

  /** The sessions of its devices, as far as they ring already. */
  get sessionKeys(): readonly SessionKey[] {
    return [...this.#legs.values()].flatMap(({ leg }) => leg.session?.key ?? []);
  }

  /** The client that has won. */
  get client(): Party['client'] {
    return this.#winner;
  }

  /** Asks who is there. @returns a leg for each device, or why there is none */
  async devices(): Promise<readonly CallLeg[] | EndCause> {
    const { plan } = this.#options;
    const answer = await this.#ask();
    this.#exists = answer.status === 'ringing' || answer.status === 'away';
    if (answer.status !== 'ringing') return this.#nobody(causes[answer.status]);
    const full = this.#options.isFull();
    if (this.#outcome || full) this.#release(answer.devices);
    if (full) return this.#nobody(full);
    const others = answer.devices.filter((device) => !this.#isCaller(device));
    this.#release(answer.devices.filter((device) => this.#isCaller(device)));
    const phones = (answer.phones ?? []).filter(({ contact }) => !isSamePhone(contact, plan.callerContact));
    if (this.#outcome || others.length + phones.length === 0) return this.#nobody(causes.away);
    return [...others.map((device) => this.add(device)), ...phones.map((phone) => this.#phone(phone))];
  }

  #phone(place: PhonePlace): CallLeg {
    const { aor } = this.#options;
    return phoneLeg(this.#options, aor, place);
  }

  /** A leg for one more device. */
  add(to: Attachment): WebRtcLeg {
    const { parts, plan, router, ladder } = this.#options;
    const headers = shownHeaders(to.headerPrefixes, plan.headers);
    const { from: originator, isFromVerified: verified, id: call_id } = plan;
    const ring = (sdp: string) =>
      parts.sessions.ring(to, this.session, { originator, verified, sdp, call_id, headers });
    // A stock client has no id of its own and cannot say that it rings.
    const confirmsRinging = String(to.device) !== String(to.connection);
    const role = { kind: 'called', ring, confirmsRinging } as const;
    const leg = new WebRtcLeg({
      id: newLegId(),
      router,
      sfu: parts.sfu,
      clock: parts.clock,
      log: parts.log,
      trace: ladder.of('called').add,
      role,
    });
    this.#legs.set(leg.id, { leg, to });
    return leg;
  }

  /** One of its devices has the call. @returns its session */
  won(id: LegId): SessionKey | undefined {
    const leg = this.#legs.get(id)?.leg;
    leg?.won();
    const session = leg?.session;
    this.#winner = session && { from: session.attachment, key: session.key };
    if (session) void this.#options.parts.signaling.bind(session.key, session.attachment.connection, session.secret);
    this.#releaseSilent();
    return session?.key;
  }

  /** The call is over, and all devices have been told. */
  async over(outcome: Outcome): Promise<void> {
    this.#outcome = outcome;
    if (this.#winner === undefined) this.#releaseSilent();
    await this.#tellIfMissed();
  }

  #releaseSilent(): void {
    const silent = [...this.#legs.values()].filter(({ leg }) => leg.session === undefined);
    this.#release(silent.map(({ to }) => to));
  }

  async #ask(): Promise<RingAnswer | { readonly status: 'unreachable' }> {
    const { parts, plan, ladder, aor, credentials } = this.#options;
    try {
      const answer = await parts.signaling.ring(aor, this.session, plan.from, credentials);
      // The caller may read the ladder, and is not told that the address was blocked.
      const shown = answer.status === 'blocked' ? 'unknown' : answer.status;
      parts.log.debug({ callId: plan.id, aor, status: answer.status }, 'signaling told who is there');
      ladder.add({ from: 'gateway', to: 'gateway', label: `${aor} is ${shown}` });
      if (answer.status === 'ringing') this.#noteDevices(answer.devices.length + (answer.phones?.length ?? 0));
      parts.ladders.name(ladder, 'called', { aor, session: this.session });
      return answer;
    } catch (error) {
      parts.log.warn({ callId: plan.id, err: error }, 'signaling did not tell who is there');
      return { status: 'unreachable' };
    }
  }

  /** How many there are is nobody else's business. */
  #noteDevices(count: number): void {
    const { ladder } = this.#options;
    ladder.of('called').add({ from: 'gateway', to: 'gateway', label: `${count} device(s) ring` });
  }

  /** The caller may have hung up while signaling was asked: then the call is missed all the same. */
  async #nobody(cause: EndCause): Promise<EndCause> {
    await this.#tellIfMissed();
    return cause;
  }

  async #tellIfMissed(): Promise<void> {
    const { parts, plan, aor } = this.#options;
    if (!this.#exists || !this.#outcome || !isMissed(this.#outcome)) return;
    this.#exists = false;
    // After the devices have heard that the ringing is over, as the order of their events wants it.
    await parts.sessions.delivered([...this.#legs.values()].map(({ to }) => to.connection));
    await parts.signaling.missed(aor, plan.from, this.#beganAt);
  }

  #isCaller(device: Attachment): boolean {
    const { caller } = this.#options;
    return caller !== undefined && device.aor === caller.aor && device.device === caller.device;
  }

  /** Signaling has bound the session to these devices, and none of them will ring. */
  #release(devices: readonly Attachment[]): void {
    const keys = devices.map(({ aor, device }) => ({ aor, device, session: this.session }));
    if (keys.length > 0) void this.#options.parts.signaling.ended(keys);
  }
}

const causes = {
  unknown: causeOf(404, 'gateway', 'there is no such address here'),
  expired: causeOf(410, 'gateway', 'the address has expired'),
  away: causeOf(480, 'callee', 'nobody is signed in at this address'),
  // Whoever asks is not told more than that nobody is there.
  blocked: causeOf(404, 'gateway', 'there is no such address here'),
  unreachable: causeOf(503, 'gateway', 'the signaling server does not answer'),
} as const;
