import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import { commandTtlMs } from '@sylk/protocol/limits.ts';
import type { Registration } from '../../ports/registrations.ts';
import type { SessionOwner } from '../../ports/sessions.ts';
import type { AddressedCommand } from '../outcome.ts';
import type { Services } from '../services.ts';
import { accountElsewhere } from './providers.ts';
import { openKeys } from './secret.ts';

/** Tells an edge to register an account with these secrets. */
export const registerOrder = async (
  services: Services,
  owner: SessionOwner,
  { aor, contact, credentials, secret }: Pick<Registration, 'aor' | 'contact' | 'credentials' | 'secret'>,
): Promise<AddressedCommand> => {
  const proxy = accountElsewhere(services.settings.providers, aor)?.provider.proxy;
  const account = { aor, contact, credentials, keys: await openKeys(services, aor, secret) };
  const command: EdgeCommand = {
    kind: 'register-elsewhere',
    id: services.crypto.token(12),
    ttlMs: commandTtlMs,
    account: proxy === undefined ? account : { ...account, proxy },
  };
  return { to: owner.edge, command };
};

/** Tells an edge to look after an account no longer. @param moved another edge does */
export const releaseOrder = (
  { crypto }: Services,
  { edge }: SessionOwner,
  aor: Aor,
  moved: boolean,
): AddressedCommand => ({
  to: edge,
  command: { kind: 'unregister-elsewhere', id: crypto.token(12), ttlMs: commandTtlMs, aor, moved },
});
