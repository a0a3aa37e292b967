import type { Clock } from './clock.ts';
import type { Link } from './link.ts';
import type { Reply } from './pending-requests.ts';
import type { ClientRequest, IncomingSessionEvent, SessionEvent } from './wire.ts';

/** What a session needs of the connection. */
export interface SessionHost {
  readonly clock: Clock;
  /** `false` when the server is known to forget sessions with their socket. */
  readonly canResume: boolean;
  send(link: Link, request: ClientRequest, transaction?: string): Promise<Reply>;
  /** The session is over for good. */
  ended(id: string): void;
}

/** What a session tells the call that it carries. */
export interface SessionListener {
  /** In order and once each. `terminated` is the last, and comes from here when the gateway does not know the session any more. */
  received(event: SessionEvent): void;
  /** Another socket speaks for the session, nothing was missed. */
  resumed(): void;
  /** It rings again after a lost socket, maybe with another offer. */
  announced(incoming: IncomingSessionEvent): void;
}

/** The offer of a new peer connection for a session that another page has had, and by what its answer is known. */
export interface ResumeOffer {
  readonly sdp: string;
  readonly transaction: string;
}

export interface SessionStart {
  readonly id: string;
  readonly account: string;
  readonly direction: 'outgoing' | 'incoming';
  /** Of a session that another page has had: it exists at the gateway, and is taken over with this. */
  readonly restored?: {
    readonly secret: string;
    readonly lastEvent: number;
    readonly offer: Promise<ResumeOffer | undefined>;
  };
  /** Number of the announcement of an incoming session. */
  readonly announcedAs?: number;
}
