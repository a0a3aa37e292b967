import type { Aor } from '@sylk/protocol/ids.ts';
import { isBlocked } from '../account/contact-policy.ts';
import { ownAor } from '../own-domain.ts';
import type { Services } from '../services.ts';
import { note } from './history.ts';
import { tell, tellDevices } from './tell.ts';

/** What became of a message of `aor`, as its reader says. */
export interface Receipt {
  readonly aor: Aor;
  readonly reporter: string;
  readonly id: string;
  readonly state: 'delivered' | 'displayed' | 'error';
  /** Of the message. */
  readonly timestamp: string;
}

/**
 * Raises the writer's copy and tells its devices. A receipt that brings no news, is of nobody's message, or comes from
 * somebody whom the writer has blocked, does nothing.
 */
export const receiptFor = async (
  services: Services,
  { aor, reporter, id, state, timestamp }: Receipt,
): Promise<void> => {
  const { store, clock, domain } = services;
  // One question tells all. A device that signs in from now on finds the receipt in the history.
  const isOwn = ownAor(domain, aor) !== undefined;
  const own = isOwn ? await store.accounts.findWithDevicesAndTail(aor, clock.now()) : undefined;
  if (isBlocked(services, own?.account, reporter)) return;
  const left = state === 'delivered' ? ['display'] : [];
  const meant = { id, direction: 'outgoing', contact: reporter } as const;
  if (!(await store.messages.raise(aor, meant, state, left))) return;
  const event = {
    event: 'disposition-notification',
    message_id: id,
    message_timestamp: timestamp,
    state,
    code: 200,
    reason: '',
  } as const;
  const received = {
    contentType: 'message/imdn',
    content: JSON.stringify({ ...event, sylkrtc: 'account-event', account: aor }),
    direction: 'incoming',
    state: 'received',
    tail: own?.tail,
  } as const;
  await note(services, aor, reporter, received);
  await (own === undefined ? tellDevices(services, aor, event) : tell(services, own.devices, event));
};
