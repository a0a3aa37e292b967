import { type Composing, readComposing } from '@sylk/protocol/composing.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { AccountMessage } from '@sylk/protocol/sylkrtc/requests.ts';
import { isBlocked } from '../account/contact-policy.ts';
import { RequestError } from '../errors.ts';
import { acknowledged, type Outcome } from '../outcome.ts';
import { ownAor } from '../own-domain.ts';
import type { Asker, Services } from '../services.ts';
import { toEdge } from './by-sip.ts';
import { contactOf } from './contact.ts';
import { listenersOf } from './listeners.ts';
import { tell } from './tell.ts';
import { requireVerified } from './verified.ts';

/** What an account may say in a minute, to all together. More is left out in silence, as nothing is lost with it. */
const composingQuota = { kind: 'composing', windowMs: 60_000, limit: 30 };

/** An `account-message` that says that its sender writes (RFC 3994): passed to who is there, and kept nowhere. */
export const accountComposing = async (services: Services, asker: Asker, request: AccountMessage): Promise<Outcome> => {
  const added = await requireVerified(services, asker, request.account);
  const composing = readComposing(request.content);
  if (composing === undefined)
    throw new RequestError('invalid', 'Invalid is-composing, expected a state active or idle');
  const { aor: uri, displayName } = added;
  const quota = await services.store.quotas.take(composingQuota, uri, services.clock.now());
  if (!quota.granted) return acknowledged(request);
  const own = ownAor(services.domain, request.uri);
  if (own === undefined) {
    const { state, refresh: refreshSec } = composing;
    const page = { kind: 'composing', state, refreshSec, contentType: 'text/plain' } as const;
    return {
      ...acknowledged(request),
      commands: [await toEdge(services, added, contactOf(services, request.uri), page)],
    };
  }
  const sender = { uri, ...(displayName === undefined ? {} : { display_name: displayName }) };
  if (own !== uri) await tellComposing(services, own, sender, composing);
  return acknowledged(request);
};

/** Tells the devices of an account that somebody writes to it whom it has not blocked. What that is worth from a stranger, they decide. */
export const tellComposing = async (
  services: Services,
  to: Aor,
  sender: SipIdentity,
  { state, refresh }: Composing,
): Promise<void> => {
  const { account, devices } = await listenersOf(services, to);
  if (isBlocked(services, account, sender.uri)) return;
  await tell(services, devices, { event: 'composing-indication', state, refresh, content_type: 'text/plain', sender });
};
