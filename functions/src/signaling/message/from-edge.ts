import type { PageAnswer } from '@sylk/protocol/edge/pages.ts';
import type { EdgeReport } from '@sylk/protocol/edge/reports.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import { devicesByRegistration } from '../elsewhere/line.ts';
import { ownAor } from '../own-domain.ts';
import type { Services } from '../services.ts';
import { tellComposing } from './composing.ts';
import { contactOf } from './contact.ts';
import { type Delivered, type Delivery, keepFor, type Taken, take } from './deliver.ts';
import { keepWritten, sendOn } from './from-phone.ts';
import { historyTokenAsked, historyTokenType } from './history-token.ts';
import { receiptFor } from './receipt.ts';
import { tellDevices } from './tell.ts';

type PageReport = Extract<EdgeReport, { kind: 'page' }>;
type SentReport = Extract<EdgeReport, { kind: 'page-sent' }>;

/** Texts that one stranger may leave in a minute, all its receivers together. */
const strangerQuota = { kind: 'stranger-messages', windowMs: 60_000, limit: 60 };

/** Something written by SIP. Nobody writes in the name of an address of ours without its password. */
export const pageWritten = async (services: Services, report: PageReport): Promise<PageAnswer> => {
  const { from, proven, page } = report;
  const own = ownAor(services.domain, report.to);
  const to = own ?? (await readerElsewhere(services, report));
  const writer = ownAor(services.domain, from.uri);
  if (writer !== undefined && writer !== proven) return { status: 'forbidden' };
  const uri = contactOf(services, from.uri);
  if (page.kind === 'message' && page.contentType === historyTokenType) return historyTokenAsked(services, own, proven);
  if (page.kind === 'disposition' && proven !== undefined) await settleOwn(services, proven, report.to, page);
  if (isRelayed(services, report)) return sendOn(services, report, report.proven, textOf(services, page));
  if (to === undefined) return { status: 'unknown' };
  if (page.kind === 'disposition') {
    const { message: id, state } = page;
    const timestamp = new Date(services.clock.now()).toISOString();
    if (state === 'delivered' || state === 'displayed' || state === 'error')
      await receiptFor(services, { aor: to, reporter: uri, id, state, timestamp });
    return { status: 'stored' };
  }
  if (writer === undefined) {
    const answer = await services.store.quotas.take(strangerQuota, uri, services.clock.now());
    if (!answer.granted) return { status: 'limited', retryAfterS: Math.ceil(answer.retryAfterMs / 1000) };
  }
  if (page.kind === 'composing') {
    await tellComposing(services, to, { ...from, uri }, { state: page.state, refresh: page.refreshSec });
    return { status: 'stored' };
  }
  const kept = textOf(services, page);
  const delivery = { from: { ...from, uri }, to, text: kept ?? toText(services, page), isPassing: kept === undefined };
  const taken = own === undefined ? await keepFor(services, delivery) : await takeOwn(services, own, delivery);
  if (writer !== undefined && kept !== undefined && taken.state === 'accepted')
    await keepWritten(services, { aor: writer, contact: to, text: kept, state: 'accepted' });
  return answerOf(await taken.tell());
};

/** The reader's own copy wants no receipt any more that its phone has given. */
const settleOwn = async (
  services: Services,
  reader: Aor,
  writer: string,
  { message: id, state }: Extract<PageReport['page'], { kind: 'disposition' }>,
): Promise<void> => {
  const meant = { id, direction: 'incoming', contact: contactOf(services, writer) } as const;
  await services.store.messages.settle(reader, meant, state === 'delivered' ? ['display'] : []);
};

const takeOwn = async (services: Services, own: Aor, delivery: Delivery): Promise<Taken> =>
  take(services, { ...delivery, receiver: await services.store.accounts.find(own) });

type Proven = PageReport & { readonly proven: Aor };

/** Of a phone of ours, and for somebody elsewhere. */
const isRelayed = ({ domain }: Services, report: PageReport): report is Proven =>
  report.proven !== undefined && report.credentials === undefined && ownAor(domain, report.to) === undefined;

/** A text that is kept; keys are not. */
const textOf = (services: Services, page: PageReport['page']): Delivery['text'] | undefined =>
  page.kind === 'message' && !page.contentType.startsWith('text/pgp-p') ? toText(services, page) : undefined;

const toText = (services: Services, page: Extract<PageReport['page'], { kind: 'message' }>): Delivery['text'] => {
  const { message: id, contentType, content } = page;
  const at = Math.min(page.at ?? Infinity, services.clock.now());
  const disposition = [...(page.wantsDelivery ? ['positive-delivery'] : []), ...(page.wantsDisplay ? ['display'] : [])];
  return { id, contentType, content, timestamp: new Date(at).toISOString(), disposition };
};

/** Whoever writes by its registration has come by its provider; only the edge that has it may say so. */
const readerElsewhere = async (services: Services, report: PageReport): Promise<Aor | undefined> => {
  const { to: aor, credentials } = report;
  const devices = credentials && (await devicesByRegistration(services, { ...report, aor, credentials }));
  return devices ? aor : undefined;
};

const answerOf = ({ state, code, phones = [] }: Delivered): PageAnswer => {
  if (state === 'accepted')
    return { status: code === 202 ? 'away' : 'stored', ...(phones.length === 0 ? {} : { phones }) };
  if (code === 410) return { status: 'expired' };
  return { status: code === 403 ? 'blocked' : 'unknown' };
};

/** What the other side said to a text: the writer's copy rises, and its devices hear of it once. */
export const pageSent = async (services: Services, { aor, to, message, code, reason }: SentReport): Promise<void> => {
  const state = code >= 200 && code < 300 ? 'accepted' : 'failed';
  const meant = { id: message, direction: 'outgoing', contact: to } as const;
  if (!(await services.store.messages.raise(aor, meant, state, ['positive-delivery', 'display']))) return;
  const entry = await services.store.messages.find(aor, message);
  const timestamp = entry?.timestamp ?? new Date(services.clock.now()).toISOString();
  await tellDevices(services, aor, {
    event: 'disposition-notification',
    message_id: message,
    message_timestamp: timestamp,
    state,
    code,
    reason,
  });
};
