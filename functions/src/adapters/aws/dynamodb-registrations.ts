import { type Aor, aor, type EdgeId, edgeId } from '@sylk/protocol/ids.ts';
import type { Registration, Registrations } from '../../ports/registrations.ts';
import { type DynamoDbTable, isAbsent } from './dynamodb-table.ts';
import { type Item, number, text, word } from './item.ts';
import { edgeIndex, keys, registrationEdgeKeys } from './table.ts';

/** Accounts at providers elsewhere in DynamoDB, beside the devices that are signed in with them. */
export class DynamoDbRegistrations implements Registrations {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async find(aor: Aor): Promise<Registration | undefined> {
    const item = await this.#table.get(keys.registration(aor));
    return item && toRegistration(item);
  }

  async put(registration: Registration): Promise<boolean> {
    const { aor, version, claimant } = registration;
    const condition = version === 1 ? isAbsent : { condition: '#version = :former', values: { former: version - 1 } };
    const written = await this.#table.putIf(keys.registration(aor), toValues(registration), condition);
    if (written.isDone) return true;
    const { stored } = written;
    return stored !== undefined && number(stored, 'version') === version && text(stored, 'claimant') === claimant;
  }

  async remove(aor: Aor, version: number): Promise<void> {
    await this.#table.deleteIf(keys.registration(aor), { condition: '#version = :version', values: { version } });
  }

  async ofEdgeBefore(edge: EdgeId, generation: number, limit: number): Promise<readonly Registration[]> {
    const { edgePk, edgeSk } = registrationEdgeKeys(edge, generation);
    const items = await this.#table.query({
      condition: '#edgePk = :edgePk AND #edgeSk < :edgeSk',
      values: { edgePk, edgeSk },
      limit,
      ofIndex: edgeIndex,
    });
    return items.map(toRegistration);
  }
}

const toValues = ({ aor, owner, contact, credentials, secret, state, version, claimant }: Registration) => ({
  ...{ aor, edge: owner.edge, generation: owner.generation, contact, credentials, secret, state, version, claimant },
  ...registrationEdgeKeys(owner.edge, owner.generation),
});

const toRegistration = (item: Item): Registration => ({
  aor: aor(text(item, 'aor')),
  owner: { edge: edgeId(text(item, 'edge')), generation: number(item, 'generation') },
  contact: text(item, 'contact'),
  credentials: text(item, 'credentials'),
  secret: text(item, 'secret'),
  state: word(item, 'state', ['registering', 'registered', 'failed']),
  version: number(item, 'version'),
  claimant: text(item, 'claimant'),
});
