import type { Memory } from './browser.ts';
import { isObject, readStored, writeStored } from './stored-json.ts';

/** An address of this person as the browser keeps it. */
export interface StoredAddress {
  readonly address: string;
  /** HA1 digest, never the password itself. */
  readonly ha1: string;
  readonly displayName: string;
  readonly lifetime: 'temporary' | 'permanent';
  readonly expiresAt?: number;
}

export interface StoredAddresses {
  /** The one that is shown and called from. */
  readonly own: StoredAddress | undefined;
  /** Temporary ones that were replaced and may still be called. */
  readonly former: readonly StoredAddress[];
}

export function readAddresses(memory: Memory): StoredAddresses {
  return readStored(memory, key, addressesIn) ?? { own: undefined, former: [] };
}

export function writeAddresses(memory: Memory, addresses: StoredAddresses): void {
  writeStored(memory, key, addresses.own === undefined && addresses.former.length === 0 ? undefined : addresses);
}

function addressesIn(value: unknown): StoredAddresses | undefined {
  if (!isObject(value)) return undefined;
  const former = Array.isArray(value.former) ? value.former.filter(isStoredAddress) : [];
  return { own: isStoredAddress(value.own) ? value.own : undefined, former };
}

const isStoredAddress = (value: unknown): value is StoredAddress =>
  isObject(value) &&
  typeof value.address === 'string' &&
  typeof value.ha1 === 'string' &&
  typeof value.displayName === 'string' &&
  (value.lifetime === 'temporary' || value.lifetime === 'permanent') &&
  (value.expiresAt === undefined || typeof value.expiresAt === 'number');

const key = 'sylk.address';
