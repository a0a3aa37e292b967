import { decodeServerMessage } from '@sylk/protocol/codec.ts';
import type { CallerAnswer, RegisterAnswer } from '@sylk/protocol/edge/phones.ts';
import type { RingAnswer } from '@sylk/protocol/edge/reports.ts';
import type { Aor, ConnectionId, SessionId, SessionKey } from '@sylk/protocol/ids.ts';
import type { ServerMessage } from '@sylk/protocol/sylkrtc/events.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { PhoneClaim, PhoneRegistration } from '../../media-edge/src/ports/phone-accounts.ts';
import type { Signaling } from '../../media-edge/src/ports/signaling.ts';

/** A signaling server that remembers what it was told, and answers `ring` as the test says. */
export class FakeSignaling implements Signaling {
  readonly posts: { readonly connection: ConnectionId; readonly message: ServerMessage }[] = [];
  readonly rings: { readonly aor: Aor; readonly session: SessionId; readonly originator: SipIdentity }[] = [];
  readonly binds: {
    readonly key: SessionKey;
    readonly connection: ConnectionId;
    readonly resume: string | undefined;
  }[] = [];
  readonly over: SessionKey[] = [];
  readonly missedCalls: { readonly aor: Aor; readonly originator: SipIdentity; readonly at: number }[] = [];
  readonly registrations: PhoneRegistration[] = [];
  /** What is said of phones that call. */
  readonly callers = new Map<Aor, CallerAnswer>();
  /** Who may dial numbers. */
  readonly dialling = new Set<Aor>();
  readonly gone = new Set<ConnectionId>();
  readonly answers = new Map<Aor, RingAnswer>();
  readonly #watchers: (() => void)[] = [];

  async post(connection: ConnectionId, frame: string): Promise<'sent' | 'gone'> {
    if (this.gone.has(connection)) return 'gone';
    this.posts.push({ connection, message: decodeServerMessage(frame) });
    for (const watch of this.#watchers.splice(0)) watch();
    return 'sent';
  }

  async ring(aor: Aor, session: SessionId, originator: SipIdentity): Promise<RingAnswer> {
    this.rings.push({ aor, session, originator });
    return this.answers.get(aor) ?? { status: 'unknown' };
  }

  async bind(key: SessionKey, connection: ConnectionId, resume: string | undefined): Promise<void> {
    this.binds.push({ key, connection, resume });
  }

  async ended(keys: readonly SessionKey[]): Promise<void> {
    this.over.push(...keys);
  }

  async register(registration: PhoneRegistration): Promise<RegisterAnswer> {
    this.registrations.push(registration);
    return { status: 'wrong' };
  }

  async caller(claim: PhoneClaim): Promise<CallerAnswer> {
    return this.callers.get(claim.aor) ?? { status: 'wrong' };
  }

  async mayDial(aor: Aor): Promise<boolean> {
    return this.dialling.has(aor);
  }

  async missed(aor: Aor, originator: SipIdentity, at: number): Promise<void> {
    this.missedCalls.push({ aor, originator, at });
  }

  /** What a connection got, in order. */
  of(connection: ConnectionId): readonly ServerMessage[] {
    return this.posts.filter((post) => post.connection === connection).map((post) => post.message);
  }

  /** The same in short: `ack t1`, `state progress`, `incoming-session`. */
  shortOf(connection: ConnectionId): readonly string[] {
    return this.of(connection).map(inShort);
  }

  /** Waits for the first frame of a connection that fits; no time limit but the test's own. */
  async receives(connection: ConnectionId, fits: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    for (;;) {
      const found = this.of(connection).find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }
}

/** One frame in a few words, for comparing sequences. */
export function inShort(message: ServerMessage): string {
  switch (message.sylkrtc) {
    case 'ack':
      return `ack ${message.transaction}`;
    case 'error':
      return `error ${message.transaction}: ${message.error}`;
    case 'session-event':
      return 'state' in message ? `${message.event} ${message.state}` : message.event;
    case 'account-event':
      return message.event;
    default:
      return message.sylkrtc;
  }
}
