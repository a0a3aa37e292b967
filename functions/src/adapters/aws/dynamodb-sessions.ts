import { randomUUID } from 'node:crypto';
import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import {
  type Aor,
  aor,
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
import { edgeKeys, keys, prefixes, ttlOf } from './table.ts';

const isLive = 'attribute_exists(#pk) AND attribute_not_exists(#isOver)';

/** Sessions in DynamoDB, those of an account together. One that is over leaves the index of its edge. */
export class DynamoDbSessions implements Sessions {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async claim(record: SessionRecord, at: number): Promise<Claim> {
    const written = await this.#table.putIf(keys.session(record.key), toValues(record), {
      condition:
        'attribute_not_exists(#pk) OR #expiresAt <= :at OR (attribute_exists(#isOver) AND #claimant <> :claimant)',
      values: { at, claimant: record.claimant },
    });
    if (written.isDone) return { status: 'own', record };
    const { stored } = written;
    const isOwn = stored?.claimant?.S === record.claimant;
    if (stored !== undefined && isPresent(stored, at)) {
      return { status: isOwn ? 'own' : 'taken', record: toRecord(stored) };
    }
    // Whoever had it may have ended between the refusal and the look at it.
    return isOwn ? { status: 'over' } : this.claim(record, at);
  }

  async find(key: SessionKey, at: number): Promise<SessionRecord | undefined> {
    const item = await this.#table.get(keys.session(key));
    return item && isPresent(item, at) ? toRecord(item) : undefined;
  }

  async attach(key: SessionKey, attachment: Attachment): Promise<boolean> {
    const written = await this.#table.updateIf(keys.session(key), {
      update: 'SET #attachment = :attachment, #epoch = :epoch',
      condition: `${isLive} AND (#epoch = :former OR #attachment = :attachment)`,
      values: { ...attachmentValues(attachment), former: attachment.epoch - 1 },
    });
    return written.isDone;
  }

  async hold(key: SessionKey, secretHash: string | undefined, expiresAt: number): Promise<boolean> {
    const changes = '#state = :held, #expiresAt = :expiresAt, #ttl = :ttl';
    const written = await this.#table.updateIf(keys.session(key), {
      update:
        secretHash === undefined ? `SET ${changes} REMOVE #secretHash` : `SET ${changes}, #secretHash = :secretHash`,
      condition: isLive,
      values: { held: 'held', expiresAt, ttl: ttlOf(expiresAt), secretHash },
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
      update: `SET ${changes} REMOVE #edgePk, #edgeSk`,
      condition: owner === undefined ? isLive : `${isLive} AND #edge = :edge AND #generation = :generation`,
      values: { yes: true, isLost, endedBy, until: rememberUntil, ttl: ttlOf(rememberUntil), ...owner },
    });
    const stored = written.isDone ? written.before : written.stored;
    if (stored === undefined || (owner !== undefined && !isOf(owner, stored))) return undefined;
    return { record: toRecord(stored), isFirst: written.isDone || stored.endedBy?.S === endedBy };
  }

  async ofCall(aor: Aor, session: SessionId, at: number): Promise<readonly SessionRecord[]> {
    const items = await this.#itemsOfCall(aor, session);
    return items.filter((item) => isPresent(item, at)).map(toRecord);
  }

  async lostOf(aor: Aor, session: SessionId, at: number): Promise<readonly SessionRecord[]> {
    const items = await this.#itemsOfCall(aor, session);
    const lost = items.filter((item) => flag(item, 'isOver') && flag(item, 'isLost') && number(item, 'expiresAt') > at);
    return lost.map(toRecord);
  }

  async #itemsOfCall(aor: Aor, session: SessionId): Promise<readonly Item[]> {
    const items = await this.#table.query({
      condition: '#pk = :pk AND begins_with(#sk, :prefix)',
      values: { pk: partitionOf(aor), prefix: prefixes.call(session) },
    });
    // An id may contain what ends the prefix.
    return items.filter((item) => item.session?.S === session);
  }

  async ringing(aor: Aor, at: number): Promise<readonly SessionRecord[]> {
    const items = await this.#table.query({ condition: '#pk = :pk', values: { pk: partitionOf(aor) } });
    return items.filter((item) => isPresent(item, at) && item.state?.S === 'ringing').map(toRecord);
  }

  async ofEdgeBefore(edge: EdgeId, generation: number, limit: number): Promise<readonly SessionRecord[]> {
    const { edgePk, edgeSk } = edgeKeys(edge, generation);
    const items = await this.#table.query({
      condition: '#edgePk = :edgePk AND #edgeSk < :edgeSk',
      values: { edgePk, edgeSk },
      limit,
      ofIndex: true,
    });
    return items.map(toRecord);
  }
}

const partitionOf = (of: Aor): string => keys.session({ aor: of, session: sessionId(''), device: deviceId('') }).pk;

const isOf = ({ edge, generation }: SessionOwner, item: Item): boolean =>
  text(item, 'edge') === edge && number(item, 'generation') === generation;

const isPresent = (item: Item, at: number): boolean => !flag(item, 'isOver') && number(item, 'expiresAt') > at;

const toValues = ({ key, owner, state, attachment, secretHash, claimant, expiresAt }: SessionRecord) => ({
  ...key,
  edge: owner.edge,
  generation: owner.generation,
  ...edgeKeys(owner.edge, owner.generation),
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
