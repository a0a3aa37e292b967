import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { Aor, ConnectionId, DeviceId, EdgeId, SessionId, SessionKey } from '@sylk/protocol/ids.ts';

/** Name of the index of sessions and registrations by the edge that owns them; sparse, for only sessions that are not over have its keys. */
export const edgeIndex = 'byEdge';

/** Name of the index of sessions that are not over by their account. */
export const accountIndex = 'byAccount';

export type IndexName = typeof edgeIndex | typeof accountIndex;

/** Names one item. Items that are read together share `pk`. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** The table as the stacks make it, for whoever has to make one without them. Items also have `ttl`, in s since 1970. */
export const tableDefinition = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'edgePk', 'edgeSk', 'accountPk', 'accountSk'].map((attribute) => ({
    AttributeName: attribute,
    AttributeType: 'S',
  })),
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: edgeIndex, KeySchema: keySchema('edgePk', 'edgeSk'), Projection: { ProjectionType: 'ALL' } },
    { IndexName: accountIndex, KeySchema: keySchema('accountPk', 'accountSk'), Projection: { ProjectionType: 'ALL' } },
  ],
});

const keySchema = (hash: string, range: string): CreateTableCommandInput['KeySchema'] => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

/** When DynamoDB may delete what is absent for every reader after `expiresAt` (ms since 1970). */
export const ttlOf = (expiresAt: number): number => Math.ceil(expiresAt / 1000);

/** Numbers as text that sorts as they do; enough digits for every whole number. */
const sortable = (value: number): string => String(value).padStart(16, '0');

/** The number in a sort key that ends with one. */
export const seqIn = (sk: string): number => Number(sk.slice(sk.lastIndexOf('#') + 1));

/** Parts of a sort key that a query asks for by their beginning. */
export const prefixes = {
  device: 'D#',
  phone: 'P#',
  missedCall: 'J#',
  /** Sorts below all else of its partition. */
  messagePlace: '#',
  conversationMarks: 'C#',
} as const;

/** Partitions that are read whole. */
export const partitions = {
  session: (session: SessionId): string => `S#${session}`,
} as const;

/** The lists of addresses: each account is in one of them, so that none is written by everybody. */
export const directoryShards = Array.from({ length: 16 }, (_, shard) => `N#${shard}`);

export const keys = {
  connection: (connection: ConnectionId): ItemKey => ({ pk: `C#${connection}`, sk: 'META' }),
  account: (aor: Aor): ItemKey => ({ pk: `A#${aor}`, sk: 'META' }),
  listedAccount: (aor: Aor): ItemKey => ({ pk: directoryShards[shardOf(aor)] ?? '', sk: aor }),
  device: (aor: Aor, device: DeviceId): ItemKey => ({ pk: `A#${aor}`, sk: `${prefixes.device}${device}` }),
  phone: (aor: Aor, key: string): ItemKey => ({ pk: `A#${aor}`, sk: `${prefixes.phone}${key}` }),
  session: ({ session, device }: SessionKey): ItemKey => ({ pk: partitions.session(session), sk: device }),
  edge: (edge: EdgeId): ItemKey => ({ pk: edges, sk: edge }),
  quota: (kind: string, key: string, window: number): ItemKey => ({ pk: `Q#${kind}#${key}#${window}`, sk: 'Q' }),
  missedCall: (aor: Aor, seq: number): ItemKey => ({ pk: `L#${aor}`, sk: `${prefixes.missedCall}${sortable(seq)}` }),
  message: (aor: Aor, id: string): ItemKey => ({ pk: `M#${aor}`, sk: `M#${id}` }),
  messagePlace: (aor: Aor, seq: number): ItemKey => ({
    pk: `A#${aor}`,
    sk: `${prefixes.messagePlace}${sortable(seq)}`,
  }),
  conversationMarks: (aor: Aor, contact: string): ItemKey => ({
    pk: `R#${aor}`,
    sk: `${prefixes.conversationMarks}${contact}`,
  }),
  publicKey: (aor: Aor): ItemKey => ({ pk: `A#${aor}`, sk: 'KEY' }),
  mark: (aor: Aor, reader: string): ItemKey => ({ pk: `L#${aor}`, sk: `R#${reader}` }),
  nonce: (kind: string, nonce: string): ItemKey => ({ pk: `N#${kind}#${nonce}`, sk: 'N' }),
  registration: (aor: Aor): ItemKey => ({ pk: `A#${aor}`, sk: 'REG' }),
  commandResult: (id: string): ItemKey => ({ pk: `D#${id}`, sk: 'done' }),
  fact: (name: string): ItemKey => ({ pk: 'I', sk: name }),
} as const;

/** The partition that holds all edges: they are few, and read together. */
export const edges = 'E';

/** Keys of the index: sorted by generation, the session's own key behind it. */
export const edgeKeys = (edge: EdgeId, generation: number) => ({ edgePk: edge, edgeSk: sortable(generation) });

/** Keys of the index of sessions by account. */
export const accountKeys = ({ aor, session, device }: SessionKey) => ({
  accountPk: aor,
  accountSk: `${session}#${device}`,
});

/** The same for registrations, which have a partition of the index of their own. */
export const registrationEdgeKeys = (edge: EdgeId, generation: number) => ({
  edgePk: `G#${edge}`,
  edgeSk: sortable(generation),
});

const shardOf = (text: string): number => {
  const sum = [...text].reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 65_536, 7);
  return sum % directoryShards.length;
};
