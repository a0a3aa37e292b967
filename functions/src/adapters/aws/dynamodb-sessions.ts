import { randomUUID } from 'node:crypto';
import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import {
  type Aor,
  aor,
  type ConnectionId,
  deviceId,
  type EdgeId,
  edgeId,
  type SessionId,
  type SessionKey,
  sessionId,
} from '@sylk/protocol/ids.ts';
import type { Claim, SessionEnd, SessionEnding, SessionOwner, SessionRecord, Sessions } from '../../ports/sessions.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { flag, type Item, number, optionalText, text, word } from './item.ts';
import { attachmentOf, attachmentValues } from './stored-attachment.ts';
import { accountIndex, accountKeys, edgeIndex, edgeKeys, keys, partitions, ttlOf } from './table.ts';

const isFree = 'attribute_not_exists(#pk) OR #expiresAt <= :at';
const isLive = '#aor = :aor AND attribute_not_exists(#isOver)';

/** Sessions in DynamoDB, those of one id together. One that is over leaves the indexes. */
export class DynamoDbSessions implements Sessions {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async claim(record: SessionRecord, at: number): Promise<Claim> {
    const { key, claimant } = record;
    const isAnothers = '(#claimant <> :claimant OR #aor <> :aor)';
    const written = await this.#table.putIf(keys.session(key), toValues(record), {
      condition: `${isFree} OR (attribute_exists(#isOver) AND attribute_not_exists(#isBarred) AND ${isAnothers})`,
      values: { at, claimant, aor: key.aor },
    });
    if (written.isDone) return { status: 'own', record };
    const { stored } = written;
    const isOwn = stored?.claimant?.S === claimant && stored.aor?.S === key.aor;
    if (stored !== undefined && isPresent(stored, at)) {
      return { status: isOwn ? 'own' : 'taken', record: toRecord(stored) };
    }
    // Whoever had it may have ended between the refusal and the look at it.
    return isOwn || (stored !== undefined && isBarred(stored)) ? { status: 'over' } : this.claim(record, at);
  }

  async find(key: SessionKey, at: number): Promise<SessionRecord | undefined> {
    const item = await this.#table.get(keys.session(key));
    return item?.aor?.S === key.aor && isPresent(item, at) ? toRecord(item) : undefined;
  }

  async spokenForBy(connection: ConnectionId, session: SessionId, at: number): Promise<SessionRecord | undefined> {
    return (await this.#ofId(session, at)).find(isSpokenForBy(connection));
  }

  async bar(key: SessionKey, until: number, at: number): Promise<boolean> {
    const { aor, session, device } = key;
    const values = { aor, session, device, isOver: true, isBarred: true, expiresAt: until, ttl: ttlOf(until) };
    const written = await this.#table.putIf(keys.session(key), values, { condition: isFree, values: { at } });
    return written.isDone || written.stored === undefined || !isPresent(written.stored, at);
  }

  async attach(key: SessionKey, attachment: Attachment): Promise<boolean> {
    const written = await this.#table.updateIf(keys.session(key), {
      update: 'SET #attachment = :attachment, #epoch = :epoch',
      condition: `${isLive} AND (#epoch = :former OR #attachment = :attachment)`,
      values: { ...attachmentValues(attachment), aor: key.aor, former: attachment.epoch - 1 },
    });
    return written.isDone;
  }

  async hold(key: SessionKey, secretHash: string | undefined, expiresAt: number): Promise<boolean> {
    const changes = '#state = :held, #expiresAt = :expiresAt, #ttl = :ttl';
    const written = await this.#table.updateIf(keys.session(key), {
      update:
        secretHash === undefined ? `SET ${changes} REMOVE #secretHash` : `SET ${changes}, #secretHash = :secretHash`,
      condition: isLive,
      values: { held: 'held', expiresAt, ttl: ttlOf(expiresAt), aor: key.aor, secretHash },
    });
    return written.isDone;
  }

  async end(
    key: SessionKey,
    rememberUntil: number,
    { owner, isLost = false }: SessionEnding = {},
  ): Promise<SessionEnd | undefined> {
    // Names this call, so that it knows itself again when its answer was lost.
    const endedBy = randomUUID();
    const changes = '#isOver = :yes, #isLost = :isLost, #endedBy = :endedBy, #expiresAt = :until, #ttl = :ttl';
    const written = await this.#table.updateIf(keys.session(key), {
      update: `SET ${changes} REMOVE #edgePk, #edgeSk, #accountPk, #accountSk`,
      condition: owner === undefined ? isLive : `${isLive} AND #edge = :edge AND #generation = :generation`,
      values: { aor: key.aor, yes: true, isLost, endedBy, until: rememberUntil, ttl: ttlOf(rememberUntil), ...owner },
    });
    const stored = written.isDone ? written.before : written.stored;
    if (stored?.aor?.S !== key.aor || isBarred(stored) || (owner !== undefined && !isOf(owner, stored)))
      return undefined;
    return { record: toRecord(stored), isFirst: written.isDone || stored.endedBy?.S === endedBy };
  }

  async ofCall(aor: Aor, session: SessionId, at: number): Promise<readonly SessionRecord[]> {
    return (await this.#ofId(session, at)).filter(({ key }) => key.aor === aor);
  }

  async lostOf(aor: Aor, session: SessionId, at: number): Promise<readonly SessionRecord[]> {
    const items = await this.#itemsOfId(session);
    const lost = items.filter((item) => flag(item, 'isOver') && flag(item, 'isLost') && number(item, 'expiresAt') > at);
    return lost.map(toRecord).filter(({ key }) => key.aor === aor);
  }

  async ringing(aor: Aor, at: number): Promise<readonly SessionRecord[]> {
    return (await this.#ofAccount(aor, at)).filter(({ state }) => state === 'ringing');
  }

  async ofConnection(connection: ConnectionId, aors: readonly Aor[], at: number): Promise<readonly SessionRecord[]> {
    const records = await Promise.all(aors.map((aor) => this.#ofAccount(aor, at)));
    return records.flat().filter(isSpokenForBy(connection));
  }

  async #ofId(session: SessionId, at: number): Promise<readonly SessionRecord[]> {
    return (await this.#itemsOfId(session)).filter((item) => isPresent(item, at)).map(toRecord);
  }

  #itemsOfId(session: SessionId): Promise<readonly Item[]> {
    return this.#table.query({ condition: '#pk = :pk', values: { pk: partitions.session(session) } });
  }

  async #ofAccount(accountPk: Aor, at: number): Promise<readonly SessionRecord[]> {
    const items = await this.#table.query({
      condition: '#accountPk = :accountPk',
      values: { accountPk },
      ofIndex: accountIndex,
    });
    return items.filter((item) => isPresent(item, at)).map(toRecord);
  }

  async ofEdgeBefore(edge: EdgeId, generation: number, limit: number): Promise<readonly SessionRecord[]> {
    const { edgePk, edgeSk } = edgeKeys(edge, generation);
    const items = await this.#table.query({
      condition: '#edgePk = :edgePk AND #edgeSk < :edgeSk',
      values: { edgePk, edgeSk },
      limit,
      ofIndex: edgeIndex,
    });
    return items.map(toRecord);
  }
}

const isSpokenForBy =
  (connection: ConnectionId) =>
  ({ attachment }: SessionRecord): boolean =>
    attachment.connection === connection;

const isBarred = (item: Item): boolean => flag(item, 'isBarred');

const isOf = ({ edge, generation }: SessionOwner, item: Item): boolean =>
  text(item, 'edge') === edge && number(item, 'generation') === generation;

const isPresent = (item: Item, at: number): boolean => !flag(item, 'isOver') && number(item, 'expiresAt') > at;

const toValues = ({ key, owner, state, attachment, secretHash, claimant, expiresAt }: SessionRecord) => ({
  ...key,
  edge: owner.edge,
  generation: owner.generation,
  ...edgeKeys(owner.edge, owner.generation),
  ...accountKeys(key),
  state,
  ...attachmentValues(attachment),
  secretHash,
  claimant,
  expiresAt,
  ttl: ttlOf(expiresAt),
});

const toRecord = (item: Item): SessionRecord => ({
  key: {
    aor: aor(text(item, 'aor')),
    device: deviceId(text(item, 'device')),
    session: sessionId(text(item, 'session')),
  },
  owner: { edge: edgeId(text(item, 'edge')), generation: number(item, 'generation') },
  state: word(item, 'state', ['ringing', 'held']),
  attachment: attachmentOf(item),
  secretHash: optionalText(item, 'secretHash'),
  claimant: text(item, 'claimant'),
  expiresAt: number(item, 'expiresAt'),
});
