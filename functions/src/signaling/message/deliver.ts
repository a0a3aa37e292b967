import type { RingingPhone } from '@sylk/protocol/edge/phones.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { Account } from '../../ports/accounts.ts';
import { isBlocked } from '../account/contact-policy.ts';
import { standingOf } from '../account/standing.ts';
import type { Services } from '../services.ts';
import { keep } from './history.ts';
import { isShownByPhones, listenersOf } from './listeners.ts';
import { tell } from './tell.ts';

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
  /** Told to who is there, and not kept: keys. */
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

/** A text whose receiver has it stored, or cannot have it. */
export interface Taken {
  readonly state: Delivered['state'];
  /** Tells it to the receiver, once its writer's copy is stored too: a quick receipt looks for that. */
  tell(): Promise<Delivered>;
}

/**
 * Keeps a text for an account of ours, if it may have it.
 *
 * @param delivery its `receiver` is whose address `to` is, as the store has it
 */
export const take = async (
  services: Services,
  delivery: Delivery & { readonly receiver: Account | undefined },
): Promise<Taken> => {
  const { from, to, receiver } = delivery;
  const standing = receiver === undefined ? 'removed' : standingOf(receiver, services.clock.now());
  if (standing === 'removed') return settled({ state: 'failed', code: 404, reason: 'Not Found' });
  if (standing === 'expired') return settled({ state: 'failed', code: 410, reason: 'Gone' });
  if (standing === 'blocked') return settled({ state: 'failed', code: 403, reason: 'Forbidden' });
  if (to === from.uri) return settled(done);
  // Whoever is blocked cannot tell that from an account that is not signed in anywhere.
  return isBlocked(services, receiver, from.uri) ? settled(away) : keepFor(services, delivery);
};

/**
 * Keeps a text for whoever may have it. A repetition is neither kept nor told again: that it is there is all that is
 * said of it, as of one whose writer is blocked.
 */
export const keepFor = async (services: Services, delivery: Delivery): Promise<Taken> => {
  const { from, to, text, isPassing } = delivery;
  const wanted = { ...text, aor: to, contact: from.uri, direction: 'incoming', state: 'received' } as const;
  const { entry, isNew } = isPassing ? { entry: text, isNew: true } : await keep(services, wanted);
  return isNew ? { state: 'accepted', tell: () => tellReceiver(services, delivery, entry.id) } : settled(away);
};

const done: Delivered = { state: 'accepted', code: 200, reason: 'OK' };
const away: Delivered = { state: 'accepted', code: 202, reason: 'Accepted' };

const settled = (delivered: Delivered): Taken => ({ state: delivered.state, tell: async () => delivered });

const tellReceiver = async (
  services: Services,
  { from, to, text, isPassing }: Delivery,
  message_id: string,
): Promise<Delivered> => {
  const { contentType: content_type, content, timestamp, disposition: disposition_notification } = text;
  const event = { event: 'message', sender: from, timestamp, message_id, content_type, content } as const;
  const { devices, phones } = await listenersOf(services, to);
  const copied = isPassing ? [] : phones.filter(() => isShownByPhones(content_type));
  const isThere = await tell(services, devices, { ...event, disposition_notification });
  return { ...(isThere ? done : away), phones: copied };
};
