import type { Call } from './call.ts';
import type { ContactPolicy } from './contact-lists.ts';
import type { Environment } from './environment.ts';
import type { Identity } from './identity.ts';
import type { Link } from './link.ts';
import type { MessageEvents } from './message-events.ts';
import type { Reply } from './pending-requests.ts';
import type { Session } from './session.ts';
import type { SessionStart } from './session-types.ts';
import type { ClientRequest } from './wire.ts';

export interface AccountOptions {
  /** `user@domain` */
  readonly account: string;
  readonly password: string;
  readonly displayName?: string;
  /** Of the HA1 digest; the domain when left out. */
  readonly realm?: string;
  /** `false`: `password` is sent as it is (an HA1 already, or for servers that want the plain one). */
  readonly ha1?: boolean;
  readonly incomingHeaderPrefixes?: readonly string[];
}

/** What an account needs of its connection. */
export interface AccountHost {
  readonly environment: Environment;
  openSession(start: SessionStart, link?: Link): Session;
  request(request: ClientRequest, link: Link | undefined, transaction?: string): Promise<Reply>;
}

export type RegistrationState = null | 'registering' | 'registered' | 'failed';

export interface AccountEvents extends MessageEvents {
  registrationStateChanged: [oldState: RegistrationState, newState: RegistrationState, data: { reason?: string }];
  outgoingCall: [call: Call];
  incomingCall: [call: Call, media: { audio: boolean; video: boolean }];
  /** Addition: somebody was blocked or allowed on one of the account's devices, or both lists were told at sign-in. */
  contactPolicyChanged: [policy: ContactPolicy];
  missedCall: [missed: { originator: Identity; timestamp?: Date }];
  /**
   * The provider of an account elsewhere wants a digest for a realm that is not the account's own domain. `answer` makes it of the
   * password: ask the person before. Without a listener the registration fails.
   */
  challenged: [challenge: { realm: string; answer: () => void }];
}
