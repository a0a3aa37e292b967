import { Core } from 'sip.js';
import type { DigestRequest } from './digest/authorization.ts';
import { type AuthHeader, type ChallengeHeaders, type DigestTries, noTries } from './digest/digest-client.ts';

/** Answers the challenges of a 401 or 407; `undefined`: not with anything that we have, and the request has failed. */
export type Prover = (
  challenges: ChallengeHeaders,
  request: DigestRequest,
  tries: DigestTries,
) => readonly AuthHeader[] | undefined;

/** Who proves the requests of which call or registration. */
export class Proofs {
  readonly #provers = new Map<string, Prover>();

  /** @returns what takes it back; safe to repeat */
  give(callId: string, prover: Prover): () => void {
    this.#provers.set(callId, prover);
    return () => {
      if (this.#provers.get(callId) === prover) this.#provers.delete(callId);
    };
  }

  of(callId: string): Prover | undefined {
    return this.#provers.get(callId);
  }
}

/** What the answering of challenges has to know of the core that a request belongs to. */
export interface ProvingCore {
  readonly proofs: Proofs;
  /** Runs `work` so that the transaction that it begins uses this transport. */
  within(transport: Core.Transport, work: () => void): void;
}

const provingCores = new WeakMap<Core.UserAgentCore, ProvingCore>();
const triesOf = new WeakMap<Core.UserAgentClient, DigestTries>();

/**
 * Makes a core send challenged requests again with proof. sip.js reads the last of several challenges only, knows MD5
 * only, has one password for all requests, and loses count of CSeq within dialogs (RFC 3261 s. 22.2, RFC 8760 s. 2.4).
 */
export function proveFor(core: Core.UserAgentCore, proving: ProvingCore): void {
  provingCores.set(core, proving);
  Object.defineProperty(Core.UserAgentClient.prototype, 'authenticationGuard', {
    configurable: true,
    value(this: Core.UserAgentClient, response: Core.IncomingResponseMessage): boolean {
      const code = response.statusCode;
      return (code !== 401 && code !== 407) || !sendAgain(this, response);
    },
  });
}

/** @returns false when the challenge is the request's final answer */
function sendAgain(client: Core.UserAgentClient, response: Core.IncomingResponseMessage): boolean {
  const core: unknown = Reflect.get(client, 'core');
  const begin: unknown = Reflect.get(client, 'init');
  if (!(core instanceof Core.UserAgentCore) || typeof begin !== 'function') return false;
  const proving = provingCores.get(core);
  const { message, transaction } = client;
  const headers = proving?.proofs.of(message.callId)?.(challengesIn(response), toDigestRequest(message), tries(client));
  if (proving === undefined || headers === undefined) return false;
  prove(message, headers);
  count(core, message);
  proving.within(transaction.transport, () => Reflect.apply(begin, client, []));
  return true;
}

const challengesIn = (response: Core.IncomingResponseMessage): ChallengeHeaders => ({
  www: response.getHeaders('www-authenticate'),
  proxy: response.getHeaders('proxy-authenticate'),
});

export const toDigestRequest = (message: Core.OutgoingRequestMessage): DigestRequest => ({
  method: message.method,
  uri: message.ruri.toRaw(),
  body: bodyOf(message),
});

// Of several types in sip.js, at different times.
function bodyOf({ body }: Core.OutgoingRequestMessage): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : body.body;
}

function tries(client: Core.UserAgentClient): DigestTries {
  const known = triesOf.get(client) ?? noTries();
  triesOf.set(client, known);
  return known;
}

/** Puts credentials into a request, instead of those that it had. */
export function prove(message: Core.OutgoingRequestMessage, headers: readonly AuthHeader[]): void {
  for (const name of ['Authorization', 'Proxy-Authorization'] as const) {
    const values = headers.filter((header) => header.name === name).map(({ value }) => value);
    if (values.length > 0) message.headers[name] = values;
    else delete message.headers[name];
  }
}

/** The credentials of an INVITE, which its ACK has to carry as well (RFC 3261 s. 22.1). */
export const credentialsOf = (invite: Core.OutgoingRequestMessage): string[] =>
  (['Authorization', 'Proxy-Authorization'] as const).flatMap((name) =>
    (invite.headers[name] ?? []).map((value) => `${name}: ${value}`),
  );

/** RFC 3261 s. 22.2: the next number of its dialog, or else the one after its own. */
function count(core: Core.UserAgentCore, message: Core.OutgoingRequestMessage): void {
  const dialog = core.dialogs.get(`${message.callId}${message.fromTag}${message.toTag}`);
  dialog?.incrementLocalSequenceNumber();
  message.cseq = dialog?.localSequenceNumber ?? message.cseq + 1;
  message.setHeader('cseq', `${message.cseq} ${message.method}`);
}
