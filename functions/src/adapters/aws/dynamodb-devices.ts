import { type Aor, aor, type ConnectionId, connectionId, type DeviceId, deviceId } from '@sylk/protocol/ids.ts';
import type { Devices, RegisteredDevice } from '../../ports/devices.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { type Item, number, optionalText, text, textList } from './item.ts';
import { keys, prefixes, ttlOf } from './table.ts';

/** Registered devices in DynamoDB, beside their account. */
export class DynamoDbDevices implements Devices {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async register(device: RegisteredDevice): Promise<void> {
    await this.#table.put(keys.device(device.aor, device.device), { ...device, ttl: ttlOf(device.expiresAt) });
  }

  async leave(aor: Aor, device: DeviceId, connection: ConnectionId, until: number): Promise<void> {
    await this.#table.updateIf(keys.device(aor, device), {
      update: 'SET #expiresAt = :until, #ttl = :ttl',
      condition: '#connection = :connection AND #expiresAt > :until',
      values: { connection, until, ttl: ttlOf(until) },
    });
  }

  async unregister(aor: Aor, device: DeviceId, connection: ConnectionId): Promise<void> {
    await this.#table.deleteIf(keys.device(aor, device), {
      condition: '#connection = :connection',
      values: { connection },
    });
  }

  async of(aor: Aor, at: number): Promise<readonly RegisteredDevice[]> {
    const items = await this.#table.query({
      condition: '#pk = :pk AND begins_with(#sk, :prefix)',
      values: { pk: keys.account(aor).pk, prefix: prefixes.device },
    });
    return devicesIn(items, at);
  }
}

/** The devices among items of an account, first registered first. */
export const devicesIn = (items: readonly Item[], at: number): readonly RegisteredDevice[] => {
  const devices = items.filter((item) => item.sk?.S?.startsWith(prefixes.device) && number(item, 'expiresAt') > at);
  // A query sorts by device; a stable sort keeps that for those of the same instant.
  return devices.map(toDevice).toSorted((one, other) => one.registeredAt - other.registeredAt);
};

const toDevice = (item: Item): RegisteredDevice => ({
  aor: aor(text(item, 'aor')),
  device: deviceId(text(item, 'device')),
  connection: connectionId(text(item, 'connection')),
  account: text(item, 'account'),
  displayName: optionalText(item, 'displayName'),
  headerPrefixes: textList(item, 'headerPrefixes'),
  ...presentCredentials(optionalText(item, 'credentials')),
  registeredAt: number(item, 'registeredAt'),
  expiresAt: number(item, 'expiresAt'),
});

const presentCredentials = (credentials: string | undefined) => (credentials === undefined ? {} : { credentials });
