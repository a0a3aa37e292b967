import type { PageAnswer } from '@sylk/protocol/edge/pages.ts';
import type { EdgeReport } from '@sylk/protocol/edge/reports.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import { commandTtlMs } from '@sylk/protocol/limits.ts';
import { give } from '../elsewhere/register.ts';
import type { AddressedCommand } from '../outcome.ts';
import type { Services } from '../services.ts';
import { contactOf } from './contact.ts';
import type { Delivery } from './deliver.ts';
import { givenId, keep } from './history.ts';
import { tellDevices } from './tell.ts';

type PageReport = Extract<EdgeReport, { kind: 'page' }>;

/** A text that a phone of `aor` has written. */
interface Written {
  readonly aor: Aor;
  readonly contact: string;
  readonly text: Delivery['text'];
  readonly state: 'accepted' | 'pending';
}

/** Keeps it in its writer's history, and tells the writer's pages. @returns false for a repetition */
export const keepWritten = async (services: Services, { aor, contact, text, state }: Written): Promise<boolean> => {
  const { id, contentType, content, timestamp } = text;
  const { isNew } = await keep(services, { ...text, aor, contact, direction: 'outgoing', state });
  if (!isNew) return false;
  const request = { sylkrtc: 'account-message', transaction: '1', account: aor, uri: contact, message_id: id } as const;
  const body = { content, content_type: contentType, timestamp, server_generated: true };
  await tellDevices(services, aor, { event: 'sync', type: 'message', action: 'add', content: { ...request, ...body } });
  return true;
};

/** One of our phones writes to somebody elsewhere: it goes out by the edge that it came to. */
export const sendOn = async (
  services: Services,
  { edge, to, from, page }: PageReport,
  writer: Aor,
  text: Delivery['text'] | undefined,
): Promise<PageAnswer> => {
  const contact = contactOf(services, to);
  const order = orderFor(services, { writer, displayName: from.display_name ?? undefined, to: contact, page });
  if (order === undefined) return { status: 'stored' };
  if (text !== undefined && !(await keepWritten(services, { aor: writer, contact, text, state: 'pending' })))
    return { status: 'away' };
  if (await give(services, { to: edge, command: order })) return { status: 'away' };
  if (text !== undefined)
    await services.store.messages.raise(writer, { id: text.id, direction: 'outgoing', contact }, 'failed', []);
  return { status: 'limited', retryAfterS: 5 };
};

interface Order {
  readonly writer: Aor;
  readonly displayName: string | undefined;
  readonly to: string;
  readonly page: PageReport['page'];
}

/** @returns undefined for what is of no concern to anybody elsewhere */
const orderFor = (
  services: Services,
  { writer: aor, displayName, to, page }: Order,
): AddressedCommand['command'] | undefined => {
  const from = displayName === undefined ? { aor } : { aor, displayName };
  const order = { kind: 'page', id: services.crypto.token(12), ttlMs: commandTtlMs, from, to } as const;
  const at = services.clock.now();
  if (page.kind === 'message') return { ...order, page: { ...page, at: page.at ?? at } };
  if (page.kind === 'composing') return { ...order, page };
  if (page.state === 'on-its-way' || page.state === 'failed') return undefined;
  return { ...order, page: { ...page, state: page.state, message: givenId(services, page.message, to), at } };
};
