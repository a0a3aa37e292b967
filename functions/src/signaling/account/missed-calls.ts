import { encode } from '@sylk/protocol/codec.ts';
import type { Aor, ConnectionId, DeviceId } from '@sylk/protocol/ids.ts';
import { maxMissedCallAgeMs, maxMissedCalls, missedCallMarkMs } from '@sylk/protocol/limits.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { MissedCall } from '../../ports/missed-calls.ts';
import type { Services } from '../services.ts';

/** A call that nobody took, as an edge reports it. */
export interface MissedReport {
  readonly id: string;
  readonly aor: Aor;
  readonly originator: SipIdentity;
  /** ms since 1970 */
  readonly at: number;
}

/** A device that is told about missed calls. */
export interface Reader {
  readonly aor: Aor;
  /** As its client wrote the account. */
  readonly account: string;
  readonly device: DeviceId;
  readonly connection: ConnectionId;
}

/** The mark that rises with each device: what nobody was told yet is news for a device that is new itself. */
const anyDevice = 'any device';

/** Writes a missed call into the account's journal, once for each report; the oldest make room. */
export const journalMissedCall = async ({ store }: Services, report: MissedReport): Promise<void> => {
  const { id, aor, originator, at } = report;
  for (;;) {
    const newest = await store.missedCalls.newest(aor, maxMissedCalls);
    if (newest.some((call) => call.report === id)) return;
    const seq = (newest[0]?.seq ?? 0) + 1;
    if (!(await store.missedCalls.append({ aor, seq, report: id, originator, at }))) continue;
    await store.missedCalls.drop(aor, seq - maxMissedCalls);
    return;
  }
};

/**
 * Tells a device the missed calls it has not been told, oldest first.
 * Its mark moves before each event and back if the connection is gone: told once, and lost only with this process.
 * A device without a mark is new: what others were told before it came is no news for it.
 */
export const tellMissedCalls = async (services: Services, reader: Reader, when: 'live' | 'later'): Promise<void> => {
  const { missedCalls } = services.store;
  const now = services.clock.now();
  const [own, any] = await Promise.all([
    missedCalls.toldUpTo(reader.aor, reader.device, now),
    missedCalls.toldUpTo(reader.aor, anyDevice, now),
  ]);
  const from = own ?? any ?? 0;
  const untold = (await missedCalls.newest(reader.aor, maxMissedCalls)).filter((call) => call.seq > from).toReversed();
  if (untold.length === 0) {
    if (own === undefined && isLasting(reader)) await moveMark(services, reader, undefined, from);
    return;
  }
  let mark = own;
  for (const call of untold) {
    if (!(await tellOne(services, reader, { call, mark, when }))) return;
    mark = call.seq;
  }
  if (mark !== undefined) await raiseAnyDevice(services, reader.aor, mark);
};

interface Telling {
  readonly call: MissedCall;
  readonly mark: number | undefined;
  readonly when: 'live' | 'later';
}

const tellOne = async (services: Services, reader: Reader, { call, mark, when }: Telling): Promise<boolean> => {
  if (!(await moveMark(services, reader, mark, call.seq))) return false;
  if (call.at + maxMissedCallAgeMs <= services.clock.now()) return true;
  if ((await services.sender.post(reader.connection, toFrame(reader, call, when))) === 'sent') return true;
  await moveMark(services, reader, call.seq, mark ?? call.seq - 1);
  return false;
};

const moveMark = (
  { store, clock, settings }: Services,
  reader: Reader,
  from: number | undefined,
  to: number,
): Promise<boolean> => {
  const now = clock.now();
  const expiresAt = now + (isLasting(reader) ? missedCallMarkMs : settings.maxConnectionAgeMs);
  return store.missedCalls.moveMark({ aor: reader.aor, reader: reader.device, from, to, expiresAt }, now);
};

/** Whether a device will be known again: a client that names none is new with each connection. */
const isLasting = ({ device, connection }: Reader): boolean => `${device}` !== `${connection}`;

const raiseAnyDevice = async ({ store, clock }: Services, aor: Aor, to: number): Promise<void> => {
  const now = clock.now();
  for (;;) {
    const from = await store.missedCalls.toldUpTo(aor, anyDevice, now);
    if (from !== undefined && from >= to) return;
    const move = { aor, reader: anyDevice, from, to, expiresAt: now + missedCallMarkMs };
    if (await store.missedCalls.moveMark(move, now)) return;
  }
};

// The time is told only to those who were away: it is an addition, and a live event needs none.
const toFrame = ({ account }: Reader, { originator, at }: MissedCall, when: 'live' | 'later'): string =>
  encode({
    sylkrtc: 'account-event',
    account,
    event: 'missed-session',
    originator,
    ...(when === 'later' && { timestamp: new Date(at).toISOString() }),
  });
