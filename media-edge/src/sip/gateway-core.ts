import { Core } from 'sip.js';
import type { Log } from '../ports/log.ts';
import { supportedOptions } from './message/allow.ts';
import { newBranch, tagFor } from './message/tags.ts';
import { parseUri } from './message/wire-uri.ts';
import { Proofs, proveFor } from './proofs.ts';
import { ServerTransactions } from './server-transactions.ts';
import { placeholderContact, placeholderHost } from './transport/outgoing-text.ts';

export interface GatewayCoreOptions {
  readonly log: Log;
  /** The value of User-Agent in requests and responses. */
  readonly userAgent: string;
  readonly onInvite: (invite: Core.InviteUserAgentServer) => void;
}

/**
 * sip.js' transactions, dialogs and user agents, once for the whole edge: UAS for every address of our
 * domain, and UAC for every account. sip.js serves one user, and takes its transport from one place;
 * both are set for the moment of each call into it, as nothing in it waits.
 */
export class GatewayCore {
  readonly core: Core.UserAgentCore;
  /** Who knows the passwords that are asked for. */
  readonly proofs = new Proofs();
  readonly #servers = new ServerTransactions();
  #transport: Core.Transport | undefined;

  constructor({ log, userAgent, onInvite }: GatewayCoreOptions) {
    useStrongBranches();
    this.core = new Core.UserAgentCore(
      { ...fixedConfiguration(userAgent), loggerFactory: loggers(log), transportAccessor: () => this.#transport },
      {
        onInvite: (request) => {
          if (request instanceof Core.InviteUserAgentServer) onInvite(request);
        },
      },
    );
    this.core.userAgentServers = this.#servers;
    proveFor(this.core, this);
  }

  /** Runs `work` so that the transactions that it begins use this transport. */
  within<T>(transport: Core.Transport, work: () => T): T {
    const before = this.#transport;
    this.#transport = transport;
    try {
      return work();
    } finally {
      this.#transport = before;
    }
  }

  /** @param transport the way back of this request */
  receiveRequest(message: Core.IncomingRequestMessage, transport: Core.Transport): void {
    const { ruri } = message;
    if (ruri === undefined) return;
    // sip.js answers 404 unless the Request-URI is its own user; whom we serve is decided above.
    this.core.configuration.aor = ruri;
    this.within(transport, () =>
      this.#servers.showing(message.callId, () => this.core.receiveIncomingRequestFromTransport(message)),
    );
  }

  receiveResponse(message: Core.IncomingResponseMessage): void {
    this.core.receiveIncomingResponseFromTransport(message);
  }

  /** Forgets a client transaction that will get no final response (RFC 3261 s. 9.1). */
  forget(request: Core.OutgoingInviteRequest): void {
    this.core.userAgentClients.delete(`${request.message.branch}${request.message.method}`);
    request.dispose();
  }

  dispose(): void {
    this.core.dispose();
  }
}

/** Gives an incoming INVITE a tag that nobody can guess, before anything is answered. */
export function tagInvite(invite: Core.InviteUserAgentServer): void {
  Object.assign(invite, { toTag: tagFor(invite.message) });
}

/** sip.js draws branches from ten million by Math.random: with a few thousand transactions two would be alike. */
function useStrongBranches(): void {
  Object.defineProperty(Core.ClientTransaction, 'makeId', {
    configurable: true,
    value: (request: Core.OutgoingRequestMessage) => {
      if (request.method !== 'CANCEL') return newBranch();
      if (request.branch === undefined) throw new Error('CANCEL without the branch of its INVITE');
      return request.branch;
    },
  });
}

function fixedConfiguration(userAgent: string) {
  const uri = parseUri(`sip:${placeholderHost}`);
  if (uri === undefined) throw new Error(`'${placeholderHost}' is no host name`);
  return {
    aor: uri,
    contact: { pubGruu: undefined, tempGruu: undefined, uri, toString: () => placeholderContact },
    displayName: '',
    hackViaTcp: false,
    routeSet: [],
    sipjsId: 'gateway',
    supportedOptionTags: [...supportedOptions],
    supportedOptionTagsResponse: [...supportedOptions],
    userAgentHeaderFieldValue: userAgent,
    viaForceRport: true,
    viaHost: placeholderHost,
    // Challenges are answered by proofs.ts.
    authenticationFactory: () => undefined,
  };
}

function loggers(log: Log): Core.LoggerFactory {
  const factory = new Core.LoggerFactory();
  factory.builtinEnabled = false;
  factory.level = Core.Levels.warn;
  // sip.js warns of each stray packet: for an operator that is detail, not an event.
  factory.connector = (level, category, _label, content: unknown) => log.debug({ level, category }, String(content));
  return factory;
}
