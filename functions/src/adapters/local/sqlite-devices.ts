import { type Aor, aor, type ConnectionId, connectionId, type DeviceId, deviceId } from '@sylk/protocol/ids.ts';
import type { Devices, RegisteredDevice } from '../../ports/devices.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { number, optionalText, type Row, text, textList } from './sqlite-row.ts';

/** Registered devices in SQLite. */
export class SqliteDevices implements Devices {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async register(device: RegisteredDevice): Promise<void> {
    this.#database
      .prepare('INSERT OR REPLACE INTO devices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        device.aor,
        device.device,
        device.connection,
        device.account,
        device.displayName ?? null,
        JSON.stringify(device.headerPrefixes),
        device.registeredAt,
        device.expiresAt,
        device.credentials ?? null,
      );
  }

  async leave(aor: Aor, device: DeviceId, connection: ConnectionId, until: number): Promise<void> {
    this.#database
      .prepare('UPDATE devices SET expires_at = min(expires_at, ?) WHERE aor = ? AND device = ? AND connection = ?')
      .run(until, aor, device, connection);
  }

  async unregister(aor: Aor, device: DeviceId, connection: ConnectionId): Promise<void> {
    this.#database
      .prepare('DELETE FROM devices WHERE aor = ? AND device = ? AND connection = ?')
      .run(aor, device, connection);
  }

  async of(aor: Aor, at: number): Promise<readonly RegisteredDevice[]> {
    return this.#database
      .prepare('SELECT * FROM devices WHERE aor = ? AND expires_at > ? ORDER BY registered_at, device')
      .all(aor, at)
      .map(toDevice);
  }
}

const toDevice = (row: Row): RegisteredDevice => ({
  aor: aor(text(row, 'aor')),
  device: deviceId(text(row, 'device')),
  connection: connectionId(text(row, 'connection')),
  account: text(row, 'account'),
  displayName: optionalText(row, 'display_name'),
  headerPrefixes: textList(row, 'header_prefixes'),
  ...presentCredentials(optionalText(row, 'credentials')),
  registeredAt: number(row, 'registered_at'),
  expiresAt: number(row, 'expires_at'),
});

const presentCredentials = (credentials: string | undefined) => (credentials === undefined ? {} : { credentials });
