import type { MediaLine } from './peer-connection.ts';

/** All that another page needs to take a call over; plain data, fit for `JSON.stringify`. It holds a secret. */
export interface CallResumeState {
  readonly account: string;
  readonly session: string;
  readonly secret: string;
  readonly lastEvent: number;
  readonly direction: 'outgoing' | 'incoming';
  readonly state: 'accepted' | 'established';
  readonly remote: { readonly uri: string; readonly displayName: string };
  readonly callId?: string;
  readonly lines: readonly MediaLine[];
  readonly isHeld: boolean;
}

/** @returns the state in `value`, as it comes out of a storage; `undefined` when it is none */
export function readCallResumeState(value: unknown): CallResumeState | undefined {
  return isState(value) ? value : undefined;
}

function isState(value: unknown): value is CallResumeState {
  if (!isObject(value) || !isObject(value.remote) || !Array.isArray(value.lines)) return false;
  const texts = [value.account, value.session, value.secret, value.remote.uri, value.remote.displayName];
  return (
    texts.every((text) => typeof text === 'string') &&
    Number.isInteger(value.lastEvent) &&
    (value.direction === 'outgoing' || value.direction === 'incoming') &&
    (value.state === 'accepted' || value.state === 'established') &&
    (value.callId === undefined || typeof value.callId === 'string') &&
    typeof value.isHeld === 'boolean' &&
    value.lines.every(isLine)
  );
}

const isLine = (value: unknown): boolean =>
  isObject(value) &&
  (value.kind === 'audio' || value.kind === 'video') &&
  directions.some((direction) => direction === value.direction);

const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
