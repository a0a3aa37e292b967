import type { RingAnswer } from '@sylk/protocol/edge/reports.ts';
import type { Aor, EdgeId, SessionId, SessionKey } from '@sylk/protocol/ids.ts';
import { ringingRecordMs, sessionRecordMs } from '@sylk/protocol/limits.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { RegisteredDevice } from '../../ports/devices.ts';
import type { SessionOwner, SessionRecord } from '../../ports/sessions.ts';
import { isBlocked } from '../account/contact-policy.ts';
import { renewByUse, standingOf } from '../account/standing.ts';
import { devicesByRegistration } from '../elsewhere/line.ts';
import { ownAor } from '../own-domain.ts';
import type { Services } from '../services.ts';
import { toAttachment } from './attachment.ts';
import { endSession } from './end.ts';

export interface Ring {
  readonly id: string;
  readonly edge: EdgeId;
  readonly generation: number;
  readonly aor: Aor;
  readonly session: SessionId;
  readonly originator: SipIdentity;
  readonly credentials?: string | undefined;
}

/** A call for an address of ours: says who is there, and binds the session to each device that will ring. */
export const ring = async (services: Services, report: Ring): Promise<RingAnswer> => {
  const { store, clock, domain } = services;
  const aor = ownAor(domain, report.aor);
  if (aor === undefined) return ringElsewhere(services, report);
  const { account, devices, phones } = await store.accounts.findWithDevices(aor, clock.now());
  if (account === undefined) return { status: 'unknown' };
  const standing = standingOf(account, clock.now());
  if (standing === 'removed') return { status: 'unknown' };
  if (standing !== 'active') return { status: standing };
  if (isBlocked(services, account, report.originator.uri)) return { status: 'away' };
  const offers = await Promise.all(devices.map((device) => offer(services, report, device)));
  const ringing = offers.filter((record) => record !== undefined);
  const ids = { session: report.session, edgeId: report.edge };
  services.log.info({ ...ids, aor, devices: ringing.length, phones: phones.length }, 'a call came for an account');
  if (ringing.length + phones.length === 0) return { status: 'away' };
  // A call that reaches somebody is a use; here the account is at hand, when it is answered it is not.
  await renewByUse(store.accounts, account, clock.now());
  return {
    status: 'ringing',
    devices: ringing.map(({ attachment }) => attachment),
    ...(phones.length === 0 ? {} : { phones: phones.map(({ place, edge }) => ({ ...place, edge })) }),
  };
};

/** A call that came by the registration of an account elsewhere. */
const ringElsewhere = async (services: Services, report: Ring): Promise<RingAnswer> => {
  const { credentials } = report;
  const devices = credentials && (await devicesByRegistration(services, { ...report, credentials }));
  if (!devices) return { status: 'unknown' };
  const offers = await Promise.all(devices.map((device) => offer(services, report, device)));
  const ringing = offers.filter((record) => record !== undefined);
  const ids = { session: report.session, edgeId: report.edge, aor: report.aor };
  services.log.info({ ...ids, devices: ringing.length }, 'a call came for an account elsewhere');
  if (ringing.length === 0) return { status: 'away' };
  return { status: 'ringing', devices: ringing.map(({ attachment }) => attachment) };
};

const offer = async (
  services: Services,
  { id, edge, generation, session }: Ring,
  device: RegisteredDevice,
): Promise<SessionRecord | undefined> => {
  const wanted: SessionRecord = {
    key: { aor: device.aor, device: device.device, session },
    owner: { edge, generation },
    state: 'ringing',
    attachment: toAttachment(device, device.connection, 1),
    claimant: `ring ${edge} ${generation} ${id}`,
    expiresAt: services.clock.now() + ringingRecordMs,
  };
  const claim = await services.store.sessions.claim(wanted, services.clock.now());
  return claim.status === 'own' ? claim.record : undefined;
};

/**
 * A device has answered: it keeps the session. The edge tells the others that they are late, and then ends theirs.
 *
 * @param resume the client's secret; only its hash is stored
 */
export const bind = async (services: Services, key: SessionKey, resume: string | undefined): Promise<void> => {
  const { store, clock, crypto } = services;
  const secretHash = resume === undefined ? undefined : crypto.sha256(resume);
  await store.sessions.hold(key, secretHash, clock.now() + sessionRecordMs);
};

/**
 * These sessions are over; their edge has told the devices.
 *
 * @param owner who says so; undefined for an edge that does not name its generation
 */
export const ended = async (
  services: Services,
  owner: SessionOwner | undefined,
  keys: readonly SessionKey[],
): Promise<void> => {
  await Promise.all(keys.map((key) => endOne(services, owner, key)));
};

const endOne = async (services: Services, owner: SessionOwner | undefined, key: SessionKey): Promise<void> => {
  const record = await endSession(services, key, { owner });
  if (record === undefined) return;
  const { connection } = record.attachment;
  services.log.info({ connectionId: connection, session: key.session, edgeId: record.owner.edge }, 'a session ended');
};
