import { commandTtlMs, ringingRecordMs } from '@sylk/protocol/limits.ts';
import type { AddedAccount } from '../../ports/connections.ts';
import type { SessionRecord } from '../../ports/sessions.ts';
import type { AddressedCommand } from '../outcome.ts';
import type { Asker, Services } from '../services.ts';
import { moveTo } from './attach.ts';
import { toAttachment } from './attachment.ts';

/** What is to be known of a device that will ring. */
type RingingDevice = Pick<AddedAccount, 'aor' | 'account' | 'device' | 'displayName' | 'headerPrefixes'>;

/** A device has signed in: lets it ring too for every call that rings for its account now. */
export const ringThisDeviceToo = async (
  services: Services,
  asker: Asker,
  added: RingingDevice,
): Promise<readonly AddressedCommand[]> => {
  const ringing = await services.store.sessions.ringing(added.aor, services.clock.now());
  const calls = new Map(ringing.map((record) => [record.key.session, record]));
  const records = await Promise.all(
    [...calls.values()].map((one) => offerTo(services, asker, added, { one, ringing })),
  );
  return records.filter((record) => record !== undefined).map((record) => toCommand(services, record));
};

interface RingingCall {
  /** Its record at any device. */
  readonly one: SessionRecord;
  /** All that rings for the account. */
  readonly ringing: readonly SessionRecord[];
}

/** @returns the record for this device, undefined if it rings already or cannot */
const offerTo = async (
  services: Services,
  { connection }: Asker,
  added: RingingDevice,
  { one, ringing }: RingingCall,
): Promise<SessionRecord | undefined> => {
  if (!(await services.directory.isAlive(one.owner))) return undefined;
  const { session } = one.key;
  const own = ringing.find(({ key }) => key.session === session && key.device === added.device);
  if (own?.attachment.connection === connection) return undefined;
  const attachment = toAttachment(added, connection, 1);
  if (own !== undefined) return moveTo(services, own, attachment);
  const key = { aor: added.aor, device: added.device, session };
  const now = services.clock.now();
  const claim = await services.store.sessions.claim({ ...one, key, attachment, expiresAt: now + ringingRecordMs }, now);
  return claim.status === 'own' ? claim.record : undefined;
};

const toCommand = ({ crypto }: Services, { key, owner, attachment }: SessionRecord): AddressedCommand => ({
  to: owner.edge,
  command: { kind: 'device-ready', id: crypto.token(12), ttlMs: commandTtlMs, session: key.session, to: attachment },
});
