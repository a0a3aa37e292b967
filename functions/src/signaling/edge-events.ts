import type { EdgeReport, ReportAnswer, ReportResults } from '@sylk/protocol/edge/reports.ts';
import type { ConnectionId, EdgeId } from '@sylk/protocol/ids.ts';
import { maxMessageBytes } from '@sylk/protocol/limits.ts';
import { ProtocolError } from '@sylk/protocol/protocol-error.ts';
import type { SessionOwner } from '../ports/sessions.ts';
import { isBlocked } from './account/contact-policy.ts';
import { journalMissedCall, type MissedReport, tellMissedCalls } from './account/missed-calls.ts';
import { connectionGone } from './connection.ts';
import { hello, renew } from './edge/lease.ts';
import { elsewhere } from './elsewhere/from-edge.ts';
import { pageSent, pageWritten } from './message/from-edge.ts';
import { ownAor } from './own-domain.ts';
import { phoneCaller } from './phone/caller.ts';
import { mayDial } from './phone/may-dial.ts';
import { registerPhone } from './phone/register.ts';
import type { Services } from './services.ts';
import { bind, ended, ring } from './session/from-edge.ts';

/**
 * Carries one report of an edge out and answers it; the mirror of dispatch. Never rejects.
 *
 * @param edge whose link it came by; a report in another edge's name is refused
 */
export const handleReport = async (services: Services, edge: EdgeId, report: EdgeReport): Promise<ReportAnswer> => {
  const startedAt = services.clock.now();
  const answer = await answerTo(services, edge, report);
  services.observer.reportDone(report.kind, answer.ok, services.clock.now() - startedAt);
  return answer;
};

const answerTo = async (services: Services, edge: EdgeId, report: EdgeReport): Promise<ReportAnswer> => {
  const { kind, id } = report;
  try {
    if ('edge' in report && report.edge !== edge)
      throw new ProtocolError(`this link is of ${edge}, not of ${report.edge}`);
    return { kind: 'answer', id, ok: true, result: await resultOf(services, edge, report) };
  } catch (error) {
    if (error instanceof ProtocolError) return { kind: 'answer', id, ok: false, error: error.message };
    services.log.error({ edgeId: edge, report: kind, err: error }, 'a report failed unexpectedly');
    return { kind: 'answer', id, ok: false, error: 'internal error' };
  }
};

const resultOf = async (
  services: Services,
  edge: EdgeId,
  report: EdgeReport,
): Promise<ReportResults[EdgeReport['kind']]> => {
  switch (report.kind) {
    case 'hello':
      return hello(services, report);
    case 'renew':
      return renew(services, report);
    case 'post':
      return post(services, report.connection, report.frame);
    case 'ring':
      return ring(services, report);
    case 'bind':
      return nothing(bind(services, report.key, report.resume));
    case 'ended':
      return nothing(ended(services, ownerOf(edge, report.generation), report.keys));
    case 'missed':
      return nothing(missed(services, report));
    case 'elsewhere':
      return elsewhere(services, report);
    case 'gone':
      return nothing(connectionGone(services, report.connection));
    case 'register':
      return registerPhone(services, report);
    case 'caller':
      return phoneCaller(services, report);
    case 'may-dial':
      return mayDial(services, report.aor);
    case 'page':
      return pageWritten(services, report);
    case 'page-sent':
      return nothing(pageSent(services, report));
  }
};

const ownerOf = (edge: EdgeId, generation: number | undefined): SessionOwner | undefined =>
  generation === undefined ? undefined : { edge, generation };

const nothing = async (work: Promise<void>): Promise<Record<string, never>> => {
  await work;
  return {};
};

const post = async (services: Services, connection: ConnectionId, frame: string) => {
  if (frame.length > maxMessageBytes) {
    throw new ProtocolError(`frame has ${frame.length} characters, at most ${maxMessageBytes} are allowed`);
  }
  const gone = (await services.sender.post(connection, frame)) === 'gone';
  if (gone) await connectionGone(services, connection);
  return { gone };
};

const missed = async (services: Services, report: MissedReport): Promise<void> => {
  const own = ownAor(services.domain, report.aor);
  const aor = own ?? report.aor;
  const account = own && (await services.store.accounts.find(own));
  const known = own ? account : await services.store.registrations.find(aor);
  if (known === undefined || isBlocked(services, account, report.originator.uri)) return;
  await journalMissedCall(services, { ...report, aor });
  const devices = await services.store.devices.of(aor, services.clock.now());
  await Promise.all(devices.map((device) => tellMissedCalls(services, device, 'live')));
};
