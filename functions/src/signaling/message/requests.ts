import { isComposingType } from '@sylk/protocol/composing.ts';
import { maxFrameBytes } from '@sylk/protocol/limits.ts';
import type {
  AccountDispositionNotification,
  AccountMarkConversationRead,
  AccountMessage,
  AccountRemoveConversation,
  AccountRemoveMessage,
  AccountSyncConversations,
  LookupPublicKey,
} from '@sylk/protocol/sylkrtc/requests.ts';
import type { AddedAccount } from '../../ports/connections.ts';
import type { HistoryEntry } from '../../ports/messages.ts';
import { keptAor } from '../account/added.ts';
import { RequestError } from '../errors.ts';
import { acknowledged, type Outcome } from '../outcome.ts';
import { ownAor } from '../own-domain.ts';
import type { Asker, Services } from '../services.ts';
import { textBySip, toEdge } from './by-sip.ts';
import { accountComposing } from './composing.ts';
import { contactOf } from './contact.ts';
import { copiesFor } from './copies.ts';
import { take } from './deliver.ts';
import { givenId, keep, type NewEntry, note, readHistory } from './history.ts';
import { receiptFor } from './receipt.ts';
import { othersOf, tell, tellDevices } from './tell.ts';
import { requireVerified } from './verified.ts';

/**
 * `account-message`: stored for a receiver of ours and for the sender, or for the sender and then handed to an edge;
 * acknowledged after that.
 */
export const accountMessage = async (services: Services, asker: Asker, request: AccountMessage): Promise<Outcome> => {
  const { store } = services;
  const { message_id: id, content, content_type: contentType } = request;
  if (isComposingType(contentType)) return accountComposing(services, asker, request);
  const own = ownAor(services.domain, request.uri);
  const contact = contactOf(services, request.uri);
  const isKey = contentType === 'text/pgp-public-key' || contentType === 'text/pgp-private-key';
  const writer = keptAor(services, request.account);
  // At once, as that is one question to the store.
  const [added, receiver, known] = await Promise.all([
    requireVerified(services, asker, request.account),
    own && store.accounts.find(own),
    isKey || writer === undefined ? undefined : store.messages.find(writer, id),
  ]);
  const { aor } = added;
  const timestamp = past(request.timestamp, services.clock.now());
  if (known !== undefined && !isRepeated(known, { contact, content })) throw idInUse(id);
  if (contentType === 'text/pgp-public-key') await store.messages.setPublicKey(aor, content);
  const text = { id, contentType, content, timestamp, disposition: isKey || contact === aor ? [] : bothReceipts };
  const sender = { uri: aor, ...(added.displayName === undefined ? {} : { display_name: added.displayName }) };
  // The receiver's copy comes first: so the sender's is written once, with what became of it. Whoever had no answer
  // repeats the request, and finds what is there.
  const delivery = own && { from: sender, to: own, receiver, text, isPassing: isKey };
  const taken = delivery && (await take(services, delivery));
  if (!isKey) {
    const state = taken?.state ?? (contact === aor ? 'accepted' : 'pending');
    const entry = { aor, id, contact, direction: 'outgoing', contentType, content, timestamp, state } as const;
    await keepSent(services, { ...entry, disposition: contact === aor ? [] : bothReceipts });
  }
  const outcome = await taken?.tell();
  const devices = await othersOf(services, aor, asker.connection);
  const sync = {
    event: 'sync',
    type: 'message',
    action: 'add',
    content: { ...request, timestamp, account: aor },
  } as const;
  await tell(services, devices, sync);
  if (own === undefined && contact !== aor)
    return {
      ...acknowledged(request),
      commands: [await textBySip(services, added, { ...request, timestamp }, contact)],
    };
  if (isKey || delivery === undefined || outcome === undefined || contact === aor) return acknowledged(request);
  const { phones = [], ...told } = outcome;
  const event = {
    event: 'disposition-notification',
    message_id: id,
    message_timestamp: timestamp,
    ...told,
  } as const;
  await tell(services, devices, event);
  const commands = await copiesFor(services, phones, delivery);
  return {
    ...acknowledged(request),
    events: [{ sylkrtc: 'account-event', account: added.account, ...event }],
    commands,
  };
};

/**
 * What comes from the future would stay the newest of its conversation for as long, and be spared by a removal of the
 * conversation that comes before that.
 *
 * @throws RequestError for what is no time
 */
const past = (timestamp: string, now: number): string => {
  const at = Date.parse(timestamp);
  if (Number.isNaN(at))
    throw new RequestError('invalid', 'Invalid timestamp, expected ISO 8601 such as 2026-01-31T12:00:00Z');
  return at > now ? new Date(now).toISOString() : timestamp;
};

/** @throws RequestError when the id was used for something else meanwhile */
const keepSent = async (services: Services, wanted: NewEntry): Promise<void> => {
  const { entry } = await keep(services, wanted);
  if (!isRepeated(entry, wanted)) throw idInUse(wanted.id);
};

/** Whoever had no answer asks again, perhaps after the message was removed. */
const isRepeated = (entry: HistoryEntry, wanted: Pick<NewEntry, 'contact' | 'content'>): boolean =>
  entry.direction === 'outgoing' &&
  entry.contact === wanted.contact &&
  (entry.content === wanted.content || entry.isRemoved);

const idInUse = (id: string): RequestError =>
  new RequestError('invalid', `Message id ${id} was used for another message, take a new one`);

const bothReceipts = ['positive-delivery', 'display'] as const;

/** `account-disposition-notification`: the reporter's copy first, then whoever wrote the message hears of it. */
export const accountDisposition = async (
  services: Services,
  asker: Asker,
  request: AccountDispositionNotification,
): Promise<Outcome> => {
  const added = await requireVerified(services, asker, request.account);
  const { message_id: id, state } = request;
  if (state === 'failed' || state === 'forbidden') throw new RequestError('internal', 'Internal error');
  const own = ownAor(services.domain, request.uri);
  const contact = contactOf(services, request.uri);
  const meant = { id, direction: 'incoming', contact } as const;
  await services.store.messages.settle(added.aor, meant, state === 'delivered' ? ['display'] : []);
  const message = givenId(services, id, contact);
  if (own !== undefined) {
    await receiptFor(services, { aor: own, reporter: added.aor, id: message, state, timestamp: request.timestamp });
    return acknowledged(request);
  }
  const at = Math.max(0, Date.parse(request.timestamp) || services.clock.now());
  return {
    ...acknowledged(request),
    commands: [await toEdge(services, added, contact, { kind: 'disposition', message, at, state })],
  };
};

/** `account-sync-conversations`: as much as fits into one frame; the client asks again with the last id it got. */
export const accountSync = async (
  services: Services,
  asker: Asker,
  request: AccountSyncConversations,
): Promise<Outcome> => {
  const added = await requireVerified(services, asker, request.account);
  const since = request.since === undefined || request.since === null ? undefined : Date.parse(request.since);
  if (Number.isNaN(since))
    throw new RequestError('invalid', 'Invalid since, expected ISO 8601 such as 2026-01-31T12:00:00Z');
  const limit = request.limit === null ? Number.MAX_SAFE_INTEGER : Math.max(0, request.limit ?? defaultLimit);
  const wish = { messageId: request.message_id ?? undefined, since, limit };
  const messages = await readHistory(services, added.aor, wish, maxFrameBytes - envelopeBytes);
  const event = { sylkrtc: 'account-event', account: added.account, event: 'sync-conversations', messages } as const;
  return { ...acknowledged(request), events: [event] };
};

const defaultLimit = 5_000;
/** Room for what surrounds the entries in a frame. */
const envelopeBytes = 1_024;

/** `account-mark-conversation-read` */
export const accountMarkRead = async (
  services: Services,
  asker: Asker,
  request: AccountMarkConversationRead,
): Promise<Outcome> => {
  const { aor } = await requireVerified(services, asker, request.account);
  const contact = contactOf(services, request.contact);
  const contentType = 'application/sylk-conversation-read';
  const entry = await note(services, aor, contact, { contentType });
  await services.store.messages.raiseMark(aor, contact, 'readUpTo', entry.seq);
  await tellDevices(
    services,
    aor,
    { event: 'sync', type: 'conversation', action: 'read', content: { contact, timestamp: entry.timestamp } },
    asker.connection,
  );
  return acknowledged(request);
};

/** `account-remove-conversation`: for this account only. */
export const accountRemoveConversation = async (
  services: Services,
  asker: Asker,
  request: AccountRemoveConversation,
): Promise<Outcome> => {
  const { aor } = await requireVerified(services, asker, request.account);
  const contact = contactOf(services, request.contact);
  const contentType = 'application/sylk-conversation-remove';
  const entry = await note(services, aor, contact, { contentType });
  await services.store.messages.raiseMark(aor, contact, 'removedUpTo', entry.seq - 1);
  const content = { contact, timestamp: entry.timestamp };
  await tellDevices(
    services,
    aor,
    { event: 'sync', type: 'conversation', action: 'remove', content },
    asker.connection,
  );
  return acknowledged(request);
};

/** `account-remove-message`: what one has written goes on both sides, what one has received on one's own. */
export const accountRemoveMessage = async (
  services: Services,
  asker: Asker,
  request: AccountRemoveMessage,
): Promise<Outcome> => {
  const { aor } = await requireVerified(services, asker, request.account);
  const own = ownAor(services.domain, request.contact);
  const contact = contactOf(services, request.contact);
  const { messages } = services.store;
  const { message_id } = request;
  const wasWritten = await messages.remove(aor, { id: message_id, direction: 'outgoing', contact });
  if (!wasWritten) await messages.remove(aor, { id: message_id, direction: 'incoming', contact });
  await tellRemoval(services, aor, { contact, message_id, direction: 'outgoing' }, asker);
  const isWithPeer = own !== undefined && own !== aor && wasWritten;
  if (isWithPeer && (await messages.remove(own, { id: message_id, direction: 'incoming', contact: aor })))
    await tellRemoval(services, own, { contact: aor, message_id, direction: 'incoming' });
  return acknowledged(request);
};

const tellRemoval = async (
  services: Services,
  aor: AddedAccount['aor'],
  content: { readonly contact: string; readonly message_id: string; readonly direction: 'incoming' | 'outgoing' },
  asker?: Asker,
): Promise<void> => {
  const { contact, direction } = content;
  await note(services, aor, contact, {
    contentType: 'application/sylk-message-remove',
    content: JSON.stringify(content),
    direction,
  });
  await tellDevices(services, aor, { event: 'sync', type: 'message', action: 'remove', content }, asker?.connection);
};

/** `lookup-public-key` needs no account. */
export const lookupPublicKey = async (services: Services, request: LookupPublicKey): Promise<Outcome> => {
  const own = ownAor(services.domain, request.uri);
  const key = own === undefined ? undefined : await services.store.messages.publicKey(own);
  return {
    ...acknowledged(request),
    events: [{ sylkrtc: 'lookup-public-key-event', uri: request.uri, public_key: key ?? null }],
  };
};
