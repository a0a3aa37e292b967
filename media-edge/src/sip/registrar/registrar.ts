import { toAor, withoutScheme } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import { sourceNetwork } from '../../network/source-network.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PhoneAccounts, PhoneRegistration } from '../../ports/phone-accounts.ts';
import type { StatelessReply } from '../message/stateless-reply.ts';
import type { Flow } from '../transport/flow.ts';
import type { PasswordDesk } from './password-desk.ts';
import type { PhoneWays } from './phone-ways.ts';
import { type ContactLife, readPath, readRegister } from './register-order.ts';
import { type ReplyContext, registerReply } from './register-reply.ts';
import type { RegisteredSources } from './registered-sources.ts';

export interface RegistrarOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly accounts: PhoneAccounts;
  readonly desk: PasswordDesk;
  readonly ways: PhoneWays;
  readonly sources: RegisteredSources;
  readonly life: ContactLife;
}

/** A REGISTER that has been read, and waits for what signaling says. */
interface Reading extends ReplyContext {
  readonly registration: PhoneRegistration;
  readonly flow: Flow;
}

/** Takes the REGISTERs of phones at our domain (RFC 3261 s. 10.3, RFC 3327, RFC 5626). */
export class Registrar {
  readonly #options: RegistrarOptions;
  /** Those that were let in, until they are answered. */
  readonly #read = new WeakMap<Core.IncomingRequestMessage, Reading>();

  constructor(options: RegistrarOptions) {
    this.#options = options;
  }

  /** @returns the answer to one that needs no memory; `undefined` lets it go on to `answer` */
  look(message: Core.IncomingRequestMessage, flow: Flow): StatelessReply | undefined {
    const { desk, clock, life, ways } = this.#options;
    const path = readPath(message);
    if (path === undefined) return { code: 400, phrase: 'Malformed Path Header' };
    const expiresAt = clock.now() + life.max * 1000;
    const read = readRegister(message, life, (contact, isOutbound) =>
      path.length > 0 ? path : ways.back(flow, contact, { isOutbound, expiresAt }),
    );
    if ('code' in read) return read;
    // RFC 5626 s. 6: a proxy between that keeps no flow would have to be passed by.
    if (read.isOutbound && message.getHeaders('via').length > 1 && !keepsFlow(path))
      return { code: 439, phrase: 'First Hop Lacks Outbound Support' };
    const looked = desk.look(message, 'registrar');
    if ('reply' in looked) return looked.reply;
    this.#read.set(message, {
      flow,
      path,
      isOutbound: read.isOutbound,
      registration: {
        aor: toAor(withoutScheme(message.to.uri.toString())),
        network: sourceNetwork(flow.peer.address),
        claim: looked.claim,
        callId: message.callId,
        cseq: message.cseq,
        order: read.order,
      },
    });
    return undefined;
  }

  /** What the phone is told once signaling has been asked. Never rejects. */
  async answer(message: Core.IncomingRequestMessage): Promise<StatelessReply> {
    const { accounts, log } = this.#options;
    const reading = this.#read.get(message);
    if (reading === undefined) return unavailable;
    try {
      const answer = await accounts.register(reading.registration);
      if (answer.status === 'done') this.#noteSource(reading, answer.contacts);
      return registerReply(answer, reading);
    } catch (error) {
      log.warn({ err: error, aor: reading.registration.aor }, 'signaling did not answer a phone that registers');
      return unavailable;
    }
  }

  #noteSource({ flow, registration }: Reading, contacts: readonly { readonly expiresS: number }[]): void {
    const { sources, clock } = this.#options;
    const longest = Math.max(0, ...contacts.map(({ expiresS }) => expiresS));
    if (registration.order.do !== 'clear') sources.note(flow.peer.address, clock.now() + longest * 1000);
  }
}

const keepsFlow = (path: readonly string[]): boolean => /;\s*ob\b/i.test(path.at(-1) ?? '');

const unavailable: StatelessReply = {
  code: 503,
  phrase: 'Registration is not possible at the moment',
  headers: ['Retry-After: 5'],
};
