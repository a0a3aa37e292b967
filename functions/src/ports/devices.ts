import type { Aor, ConnectionId, DeviceId } from '@sylk/protocol/ids.ts';

/** A device on which an account is registered: it rings. Times in ms since 1970. */
export interface RegisteredDevice {
  readonly aor: Aor;
  readonly device: DeviceId;
  readonly connection: ConnectionId;
  /** The account as this client wrote it. */
  readonly account: string;
  readonly displayName?: string;
  readonly headerPrefixes: readonly string[];
  /** Of an account elsewhere: the name of the HA1s that were given on this device. */
  readonly credentials?: string | undefined;
  readonly registeredAt: number;
  /** The end of the connection at the latest, so that a lost disconnect does not leave a device for ever. */
  readonly expiresAt: number;
}

/** Where each account is signed in: one item a device. */
export interface Devices {
  /** Registers a device; one that is registered already moves to the new connection. */
  register(device: RegisteredDevice): Promise<void>;
  /** The connection of a device is lost: it counts as there until `until`, or as long as it would have. */
  leave(aor: Aor, device: DeviceId, connection: ConnectionId, until: number): Promise<void>;
  /** A device that has moved to another connection stays. */
  unregister(aor: Aor, device: DeviceId, connection: ConnectionId): Promise<void>;
  /** All devices of an account, first registered first. */
  of(aor: Aor, at: number): Promise<readonly RegisteredDevice[]>;
}
