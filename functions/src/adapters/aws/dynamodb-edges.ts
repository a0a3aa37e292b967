import { randomUUID } from 'node:crypto';
import type { EdgeLoad } from '@sylk/protocol/edge/reports.ts';
import { type ConnectionId, connectionId, type EdgeId, edgeId } from '@sylk/protocol/ids.ts';
import { maxEdgeSockets } from '@sylk/protocol/limits.ts';
import type { EdgeGreeting, EdgeRecord, Edges } from '../../ports/edges.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { flag, type Item, number, text, textList, word } from './item.ts';
import { edges, keys } from './table.ts';

const isAlive = '#generation = :generation AND #status = :alive';

/** How often a list of sockets may change under our hands before we give up: an edge changes it a few times an hour. */
const maxRounds = 20;

/** Media edges, their leases and sockets in DynamoDB. */
export class DynamoDbEdges implements Edges {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async hello(greeting: EdgeGreeting): Promise<number> {
    const { edge, generation } = greeting;
    const fresh = { status: 'alive', sockets: [], round: 0 };
    const written = await this.#table.putIf(
      keys.edge(edge),
      { edge, ...greetingValues(greeting), ...fresh },
      {
        condition: 'attribute_not_exists(#pk) OR #generation < :generation',
        values: { generation },
      },
    );
    if (written.isDone) return generation;
    const stored = written.stored && number(written.stored, 'generation');
    if (stored !== undefined && stored > generation) return stored;
    return (await this.#greetAgain(greeting)) ? generation : this.hello(greeting);
  }

  /** @returns false when another generation has come, or this one was forgotten, meanwhile */
  async #greetAgain({ edge, ...greeting }: EdgeGreeting): Promise<boolean> {
    const written = await this.#table.updateIf(keys.edge(edge), {
      update:
        'SET #version = :version, #calls = :calls, #cpu = :cpu, #isDraining = :isDraining, #renewedAt = :renewedAt',
      condition: '#generation = :generation',
      values: greetingValues(greeting),
    });
    return written.isDone;
  }

  async renew(edge: EdgeId, generation: number, load: EdgeLoad, at: number): Promise<boolean> {
    const written = await this.#table.updateIf(keys.edge(edge), {
      update: 'SET #calls = :calls, #cpu = :cpu, #isDraining = :isDraining, #renewedAt = :at',
      condition: isAlive,
      values: { ...loadValues(load), at, generation, alive: 'alive' },
    });
    return written.isDone;
  }

  async declareLost(edge: EdgeId, generation: number, renewedBefore: number): Promise<boolean> {
    // Names this call, so that it knows itself again when its answer was lost.
    const declaredBy = randomUUID();
    const written = await this.#table.updateIf(keys.edge(edge), {
      update: 'SET #status = :lost, #declaredBy = :declaredBy',
      condition: `${isAlive} AND #renewedAt <= :before`,
      values: { lost: 'lost', declaredBy, generation, alive: 'alive', before: renewedBefore },
    });
    return written.isDone || written.stored?.declaredBy?.S === declaredBy;
  }

  async addSocket(edge: EdgeId, generation: number, socket: ConnectionId): Promise<boolean> {
    const changed = await this.#changeSockets(edge, (record) =>
      record.generation === generation
        ? [...record.sockets.filter((other) => other !== socket), socket].slice(-maxEdgeSockets)
        : undefined,
    );
    return changed.isChanged;
  }

  async removeSocket(edge: EdgeId, socket: ConnectionId): Promise<readonly ConnectionId[]> {
    const changed = await this.#changeSockets(edge, ({ sockets }) =>
      sockets.includes(socket) ? sockets.filter((other) => other !== socket) : undefined,
    );
    return changed.sockets;
  }

  /** Each change counts the round up, so that of two at once one is refused and reads anew. */
  async #changeSockets(
    edge: EdgeId,
    change: (record: EdgeRecord) => readonly ConnectionId[] | undefined,
  ): Promise<{ readonly isChanged: boolean; readonly sockets: readonly ConnectionId[] }> {
    for (let tries = 0; tries < maxRounds; tries += 1) {
      const item = await this.#table.get(keys.edge(edge));
      if (item === undefined) return { isChanged: false, sockets: [] };
      const record = toEdge(item);
      const sockets = change(record);
      if (sockets === undefined) return { isChanged: false, sockets: record.sockets };
      // Nothing to do: an earlier try, whose answer was lost, has done it.
      if (isSame(sockets, record.sockets)) return { isChanged: true, sockets };
      const round = number(item, 'round');
      const written = await this.#table.updateIf(keys.edge(edge), {
        update: 'SET #sockets = :sockets, #round = :next',
        condition: '#generation = :generation AND #round = :round',
        values: { sockets, generation: record.generation, round, next: round + 1 },
      });
      if (written.isDone) return { isChanged: true, sockets };
    }
    throw new Error(`the sockets of edge ${edge} change all the time, ${maxRounds} tries were refused`);
  }

  async list(): Promise<readonly EdgeRecord[]> {
    const items = await this.#table.query({ condition: '#pk = :pk', values: { pk: edges } });
    return items.map(toEdge);
  }

  async forget(edge: EdgeId, generation: number): Promise<void> {
    await this.#table.deleteIf(keys.edge(edge), {
      condition: '#generation = :generation AND #status = :lost',
      values: { generation, lost: 'lost' },
    });
  }
}

const isSame = (sockets: readonly ConnectionId[], others: readonly ConnectionId[]): boolean =>
  sockets.length === others.length && sockets.every((socket, index) => socket === others[index]);

const loadValues = ({ calls, cpu, draining }: EdgeLoad) => ({ calls, cpu, isDraining: draining });

const greetingValues = ({ generation, version, load, renewedAt }: Omit<EdgeGreeting, 'edge'>) => ({
  generation,
  version,
  ...loadValues(load),
  renewedAt,
});

const toEdge = (item: Item): EdgeRecord => ({
  edge: edgeId(text(item, 'edge')),
  generation: number(item, 'generation'),
  version: text(item, 'version'),
  load: { calls: number(item, 'calls'), cpu: number(item, 'cpu'), draining: flag(item, 'isDraining') },
  renewedAt: number(item, 'renewedAt'),
  status: word(item, 'status', ['alive', 'lost']),
  sockets: textList(item, 'sockets').map(connectionId),
});
