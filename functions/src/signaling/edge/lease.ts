import type { EdgeLoad } from '@sylk/protocol/edge/reports.ts';
import type { EdgeId } from '@sylk/protocol/ids.ts';
import { leaseLostMs } from '@sylk/protocol/limits.ts';
import { ProtocolError } from '@sylk/protocol/protocol-error.ts';
import { repeatOrders } from '../elsewhere/move.ts';
import type { Services } from '../services.ts';
import { endSessionsBefore } from './loss.ts';

interface Hello {
  readonly edge: EdgeId;
  readonly generation: number;
  readonly version: string;
  readonly load: EdgeLoad;
}

/**
 * Takes an edge in. A new generation ends the sessions of the former ones at once.
 *
 * @throws ProtocolError when a younger generation of this edge is in charge
 */
export const hello = async (services: Services, { edge, generation, version, load }: Hello) => {
  const { store, clock, directory, domain, log } = services;
  const inCharge = await store.edges.hello({ edge, generation, version, load, renewedAt: clock.now() });
  directory.forget();
  if (inCharge !== generation) {
    throw new ProtocolError(`generation ${generation} of ${edge} is replaced by ${inCharge}, end this process`);
  }
  await endSessionsBefore(services, edge, generation);
  log.info({ edgeId: edge, generation, version }, 'an edge said hello');
  // It takes orders when it has the answer to this.
  repeatOrders(services, edge, generation).catch((error: unknown) => {
    log.error({ edgeId: edge, err: error }, 'an edge was not told its accounts elsewhere again');
  });
  return { leaseMs: leaseLostMs, domain: domain.name, aliases: [...domain.aliases] };
};

export const renew = async ({ store, clock }: Services, { edge, generation, load }: Omit<Hello, 'version'>) => {
  const isRenewed = await store.edges.renew(edge, generation, load, clock.now());
  return { lost: !isRenewed };
};
