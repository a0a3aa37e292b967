import type { DigestClaim } from '@sylk/protocol/digest-claim.ts';
import { digestClaim } from '@sylk/protocol/edge/phones.ts';
import type { Core } from 'sip.js';
import type { Clock } from '../../ports/clock.ts';
import { DigestServer, type DigestServerOptions } from '../digest/digest-server.ts';
import type { StatelessReply } from '../message/stateless-reply.ts';

/** What the credentials of a request come to: a claim that signaling can look at, or the answer to the phone. */
export type Looked = { readonly claim: DigestClaim } | { readonly reply: StatelessReply };

/** As a server of ours in the way (407), or as the one that was asked (401): RFC 3261 s. 22.2 and 22.3. */
export type Asking = 'registrar' | 'proxy';

const words = {
  registrar: { code: 401, phrase: 'Unauthorized', asks: 'WWW-Authenticate', answers: 'authorization' },
  proxy: {
    code: 407,
    phrase: 'Proxy Authentication Required',
    asks: 'Proxy-Authenticate',
    answers: 'proxy-authorization',
  },
} as const;

export interface PasswordDeskOptions extends Pick<DigestServerOptions, 'realm' | 'algorithms' | 'isOurs'> {
  readonly clock: Clock;
}

/** How long a nonce is good; a phone that comes later is asked again, without its person. */
const nonceMs = 10 * 60_000;

/** Asks phones for the passwords of our domain, and keeps nothing of those that do not answer (RFC 3261 s. 26.3.2.4). */
export class PasswordDesk {
  readonly #server: DigestServer;

  constructor({ clock, ...options }: PasswordDeskOptions) {
    this.#server = new DigestServer({ ...options, now: () => clock.now(), nonceMs });
  }

  look(message: Core.IncomingRequestMessage, asking: Asking): Looked {
    const values = [...message.getHeaders(words[asking].answers), ...otherValues(message, asking)];
    const request = { method: message.method, uri: message.ruri?.toRaw() ?? '', body: message.body };
    const examined = this.#server.examine(values, request);
    if (examined.status === 'malformed') return { reply: malformed };
    if (examined.status !== 'claimed') return { reply: this.#ask(asking, examined.status === 'stale') };
    const { success, data: claim } = digestClaim.safeParse(examined.claim);
    if (!success) return { reply: malformed };
    // Taken before it is known to be right: what was sent once is of no use to whoever has heard it.
    return this.#server.take(claim) ? { claim } : { reply: this.#ask(asking, true) };
  }

  #ask(asking: Asking, isStale: boolean): StatelessReply {
    const { code, phrase, asks } = words[asking];
    return { code, phrase, headers: this.#server.challenges(isStale).map((value) => `${asks}: ${value}`) };
  }
}

/** Some phones answer to 407 with the header of 401. */
const otherValues = (message: Core.IncomingRequestMessage, asking: Asking): readonly string[] =>
  asking === 'proxy' ? message.getHeaders('authorization') : [];

const malformed: StatelessReply = { code: 400, phrase: 'Malformed credentials' };
