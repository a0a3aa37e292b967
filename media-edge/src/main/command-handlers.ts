import type { ProbeResult } from '@sylk/protocol/edge/commands.ts';
import { causeOf, parseReason } from '../call/end-cause.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { type CommandHandlers, CommandRefused } from '../link/commands.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Registrations } from '../sip/registration/registrations.ts';

/** What signaling may ask of the edge, carried out by its calls and sessions. */
export const commandHandlers = (
  exchange: Exchange,
  sessions: Sessions,
  registrations: Pick<Registrations, 'register' | 'unregister'>,
  { probe, page }: Pick<CommandHandlers, 'page'> & { readonly probe: () => Promise<ProbeResult> },
): CommandHandlers => ({
  request: ({ from, request }) => sessions.request(from, request),
  resume: ({ from, request }) => sessions.resume(from, request),
  'connection-lost': ({ connection }) => sessions.connectionLost(connection),
  'register-elsewhere': ({ account }) => registrations.register(account),
  'unregister-elsewhere': ({ aor, moved }) => registrations.unregister(aor, moved),
  'device-ready': ({ session, to }) => exchange.deviceReady(session, to),
  page,
  end: ({ key, reason }) => {
    const cause = parseReason(reason, 'operator') ?? causeOf(480, 'operator', reason);
    if (!exchange.end(key, cause)) throw new CommandRefused(`there is no session ${key.session} here`);
  },
  drain: () => exchange.drain(),
  'list-calls': () => exchange.rows,
  ladder: ({ aor, session }) => {
    const ladder = exchange.ladder(aor, session);
    if (ladder === undefined) throw new CommandRefused(`no call ${session} of ${aor} is remembered here`);
    return ladder;
  },
  probe: () => probe(),
});
