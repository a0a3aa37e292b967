import { type CallResumeState, readCallResumeState } from '../client/call-resume-state.ts';
import type { Memory } from './browser.ts';
import { isObject, readStored, writeStored } from './stored-json.ts';

/** A call of this tab, so that the tab gets it back when it is loaded again. */
export interface RememberedCall {
  /** A duplicated tab finds the calls of its twin, and must leave them alone. */
  readonly device: string;
  readonly state: CallResumeState;
  readonly since: number;
  readonly establishedAt: number;
  readonly savedAt: number;
}

export function rememberCalls(tabMemory: Memory, calls: readonly RememberedCall[]): void {
  writeStored(tabMemory, key, calls.length === 0 ? undefined : calls);
}

/** Calls of this very tab; those that were saved too long ago are over at the gateway too. */
export function recallCalls(
  tabMemory: Memory,
  here: { readonly device: string; readonly now: number },
): readonly RememberedCall[] {
  const calls = readStored(tabMemory, key, callsIn) ?? [];
  return calls.filter(({ device, savedAt }) => device === here.device && here.now - savedAt < longestAwayMs);
}

const callsIn = (value: unknown): RememberedCall[] | undefined =>
  Array.isArray(value) ? value.map(callIn).filter((call) => call !== undefined) : undefined;

function callIn(value: unknown): RememberedCall | undefined {
  if (!isObject(value)) return undefined;
  const { device, since, establishedAt, savedAt } = value;
  const state = readCallResumeState(value.state);
  if (state === undefined || typeof device !== 'string') return undefined;
  if (typeof since !== 'number' || typeof establishedAt !== 'number' || typeof savedAt !== 'number') return undefined;
  return { device, state, since, establishedAt, savedAt };
}

const key = 'sylk.calls';
/** Media keeps a call longer than the grace of the socket, but nobody sends any for a closed tab. */
const longestAwayMs = 5 * 60_000;
