import type { LinkedSignaling } from '../link/linked-signaling.ts';
import type { Log } from '../ports/log.ts';
import type { Registrations } from '../sip/registration/registrations.ts';

/** Tells signaling what becomes of accounts elsewhere, and lets those go that nobody wants any more. */
export function reportRegistrations(
  registrations: Registrations,
  signaling: Pick<LinkedSignaling, 'elsewhere'>,
  log: Log,
): void {
  registrations.onState((aor, credentials, outcome) => {
    signaling.elsewhere(aor, credentials, outcome).then(
      ({ wanted, moved }) => {
        if (!wanted) registrations.unregister(aor, moved);
      },
      (error: unknown) => log.error({ aor, err: error }, 'signaling did not hear of an account elsewhere'),
    );
  });
}
