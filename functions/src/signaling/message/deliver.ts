import type { RingingPhone } from '@sylk/protocol/edge/phones.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { Account } from '../../ports/accounts.ts';
import { standingOf } from '../account/standing.ts';
import type { Services } from '../services.ts';
import { keep } from './history.ts';
import { phonesFor } from './phones.ts';
import { tellDevices } from './tell.ts';

export interface Delivery {
  readonly from: SipIdentity;
  /** An address of ours, or the account elsewhere by whose registration it came. */
  readonly to: Aor;
  readonly text: {
    readonly id: string;
    readonly contentType: string;
    readonly content: string;
    readonly timestamp: string;
    readonly disposition: readonly string[];
  };
  /** Told to who is there, and not kept: keys, and that somebody writes. */
  readonly isPassing: boolean;
}

/** What the sender hears of it; `failed` with the code that SIP has for it. */
export interface Delivered {
  readonly state: 'accepted' | 'failed';
  readonly code: number;
  readonly reason: string;
  /** Those of the receiver that get a copy. */
  readonly phones?: readonly RingingPhone[];
}

/**
 * Gives a text to an account of ours, if it may have it.
 *
 * @param delivery its `receiver` is whose address `to` is, as the store has it
 */
export const deliver = async (
  services: Services,
  delivery: Delivery & { readonly receiver: Account | undefined },
): Promise<Delivered> => {
  const { from, to, receiver } = delivery;
  const standing = receiver === undefined ? 'removed' : standingOf(receiver, services.clock.now());
  if (standing === 'removed') return { state: 'failed', code: 404, reason: 'Not Found' };
  if (standing === 'expired') return { state: 'failed', code: 410, reason: 'Gone' };
  if (standing === 'blocked') return { state: 'failed', code: 403, reason: 'Forbidden' };
  if (to === from.uri) return { state: 'accepted', code: 200, reason: 'OK' };
  return handOver(services, delivery);
};

/** Kept, then told to the devices of the account. A repetition is neither kept nor told again. */
export const handOver = async (services: Services, { from, to, text, isPassing }: Delivery): Promise<Delivered> => {
  const { contentType, content, timestamp, disposition } = text;
  const wanted = { ...text, aor: to, contact: from.uri, direction: 'incoming', state: 'received' } as const;
  const { entry, isNew } = isPassing ? { entry: text, isNew: true } : await keep(services, wanted);
  if (!isNew) return { state: 'accepted', code: 200, reason: 'OK' };
  const event = {
    event: 'message',
    sender: from,
    timestamp,
    message_id: entry.id,
    content_type: contentType,
    content,
  } as const;
  const [isThere, phones] = await Promise.all([
    tellDevices(services, to, { ...event, disposition_notification: disposition }),
    isPassing ? [] : phonesFor(services, to, contentType),
  ]);
  return isThere
    ? { state: 'accepted', code: 200, reason: 'OK', phones }
    : { state: 'accepted', code: 202, reason: 'Accepted', phones };
};
