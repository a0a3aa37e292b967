import type { EdgeId } from '@sylk/protocol/ids.ts';
import type { EdgeRecord } from '../../ports/edges.ts';
import type { Registration } from '../../ports/registrations.ts';
import type { Services } from '../services.ts';
import { registerOrder, releaseOrder } from './order.ts';
import { change, freeEdge, give } from './register.ts';

/** Registrations that change their edge at a time, so that neither edges nor providers are flooded. */
const page = 50;

/**
 * Gives the accounts elsewhere of an edge that is lost, or was started anew, to edges that are there.
 *
 * @param generation those of lives before this one
 */
export const moveRegistrationsBefore = async (services: Services, edge: EdgeId, generation: number): Promise<void> => {
  if (services.settings.providers.length === 0) return;
  const left = await services.store.registrations.ofEdgeBefore(edge, generation, page);
  await Promise.all(left.map((registration) => move(services, registration)));
};

/** The same for an edge that drains, as soon as there is another one. It learns that it need not look after them any more. */
export const moveFromDraining = async (services: Services, { edge, generation, load }: EdgeRecord): Promise<void> => {
  if (!load.draining || services.settings.providers.length === 0 || (await freeEdge(services)) === undefined) return;
  const held = await services.store.registrations.ofEdgeBefore(edge, generation + 1, page);
  await Promise.all(
    held.map(async (registration) => {
      if (await move(services, registration))
        await give(services, releaseOrder(services, registration.owner, registration.aor, true));
    }),
  );
};

/** Tells an edge that is back what it may not have heard while its link was down. */
export const repeatOrders = async (services: Services, edge: EdgeId, generation: number): Promise<void> => {
  if (services.settings.providers.length === 0) return;
  const held = await services.store.registrations.ofEdgeBefore(edge, generation + 1, page);
  const waiting = held.filter(({ state, owner }) => state === 'registering' && owner.generation === generation);
  for (const registration of waiting)
    await give(services, await registerOrder(services, registration.owner, registration));
};

/** One winner of all that try: the version tells. @returns whether this call moved it */
const move = async (services: Services, registration: Registration): Promise<boolean> => {
  const owner = await freeEdge(services);
  if (owner === undefined) return false;
  // The index may lag behind: what counts is what is stored.
  const stored = await services.store.registrations.find(registration.aor);
  if (stored === undefined || stored.version !== registration.version) return false;
  const next = await change(services, stored, { owner, state: 'registering' });
  if (next.owner.edge !== owner.edge || next.version !== stored.version + 1) return false;
  services.log.info({ aor: next.aor, from: stored.owner.edge, edgeId: owner.edge }, 'an account elsewhere has moved');
  return give(services, await registerOrder(services, owner, next));
};
