import type { RingAnswer } from '@sylk/protocol/edge/reports.ts';
import type { Aor, ConnectionId, SessionId, SessionKey } from '@sylk/protocol/ids.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { PhoneAccounts } from './phone-accounts.ts';

/** The signaling server as the calls see it; `link/` implements it, `test/fakes` has a fake. */
export interface Signaling extends PhoneAccounts {
  /**
   * Sends one sylkRTC frame to a browser. Frames of one connection arrive in the order of the calls.
   * @returns `gone` when that connection is no more; never rejects for a link that is down (it waits)
   */
  post(connection: ConnectionId, frame: string): Promise<'sent' | 'gone'>;
  /**
   * Asks who of an account is there, and binds the session to each device of the answer.
   *
   * @param credentials of the registration at a provider by which it is called; absent for our own addresses
   */
  ring(aor: Aor, session: SessionId, originator: SipIdentity, credentials?: string): Promise<RingAnswer>;
  /** This device answered and owns the session alone. */
  bind(key: SessionKey, connection: ConnectionId, resume: string | undefined): Promise<void>;
  /** The session is over and cannot be resumed any more. */
  ended(keys: readonly SessionKey[]): Promise<void>;
  /** Nobody took the call. `at` is in ms since 1970. */
  missed(aor: Aor, originator: SipIdentity, at: number): Promise<void>;
  /** Whether numbers are dialled for this account; rejects when signaling does not answer in time. */
  mayDial(aor: Aor): Promise<boolean>;
}
