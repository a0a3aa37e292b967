import type { Aor } from '@sylk/protocol/ids.ts';
import type { Services } from '../services.ts';
import { note } from './history.ts';
import { tellDevices } from './tell.ts';

/** What became of a message of `aor`, as its reader says. */
export interface Receipt {
  readonly aor: Aor;
  readonly reporter: string;
  readonly id: string;
  readonly state: 'delivered' | 'displayed' | 'error';
  /** Of the message. */
  readonly timestamp: string;
}

/** Raises the writer's copy and tells its devices. A receipt that brings no news, or is of nobody's message, does nothing. */
export const receiptFor = async (
  services: Services,
  { aor, reporter, id, state, timestamp }: Receipt,
): Promise<void> => {
  const left = state === 'delivered' ? ['display'] : [];
  const meant = { id, direction: 'outgoing', contact: reporter } as const;
  if (!(await services.store.messages.raise(aor, meant, state, left))) return;
  const event = {
    event: 'disposition-notification',
    message_id: id,
    message_timestamp: timestamp,
    state,
    code: 200,
    reason: '',
  } as const;
  await note(services, aor, reporter, {
    contentType: 'message/imdn',
    content: JSON.stringify({ ...event, sylkrtc: 'account-event', account: aor }),
    direction: 'incoming',
    state: 'received',
  });
  await tellDevices(services, aor, event);
};
