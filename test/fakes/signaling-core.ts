import { decodeServerMessage } from '@sylk/protocol/codec.ts';
import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import { type Aor, aor, type ConnectionId, connectionId, type EdgeId, edgeId } from '@sylk/protocol/ids.ts';
import type { ServerMessage } from '@sylk/protocol/sylkrtc/events.ts';
import { nodeCrypto } from '../../functions/src/adapters/local/node-crypto.ts';
import { nodeVault } from '../../functions/src/adapters/local/node-vault.ts';
import { SqliteStore } from '../../functions/src/adapters/local/sqlite-store.ts';
import { silentLog } from '../../functions/src/ports/log.ts';
import { blindObserver } from '../../functions/src/ports/observer.ts';
import { EdgeDirectory } from '../../functions/src/signaling/edge/directory.ts';
import type { Services } from '../../functions/src/signaling/services.ts';
import { faultyStore, type StepFaults } from './faulty-store.ts';

export interface CoreOptions {
  readonly faults?: StepFaults;
  readonly isOrdered?: boolean;
  /** What an edge does with a command; it has it when this resolves. */
  command?(edge: EdgeId, command: EdgeCommand): Promise<void>;
  sleep?(ms: number): Promise<void>;
}

export const domain = 'sylk.test';
export const alice: Aor = aor(`alice@${domain}`);
export const edge = edgeId('edge-1');
export const generation = 1;

/** The pure part of signaling over a store in memory: no socket, no waiting, faults where a test wants them. */
export class SignalingCore {
  /** The store as it is, without faults. */
  readonly store = new SqliteStore(':memory:');
  readonly services: Services;
  readonly posted: { readonly connection: ConnectionId; readonly message: ServerMessage }[] = [];
  readonly gone = new Set<ConnectionId>();
  /** Those that signaling has closed itself. */
  readonly closed: ConnectionId[] = [];
  now = Date.UTC(2026, 0, 31, 12);

  constructor({ faults, isOrdered = true, command, sleep }: CoreOptions = {}) {
    const clock = {
      now: () => this.now,
      sleep: async (ms: number) => {
        this.now += ms;
        await sleep?.(ms);
      },
    };
    const store = faults === undefined ? this.store : faultyStore(this.store, faults);
    this.services = {
      store,
      clock,
      crypto: nodeCrypto,
      sender: {
        post: async (connection, frame) => {
          if (this.gone.has(connection)) return 'gone';
          this.posted.push({ connection, message: decodeServerMessage(frame) });
          return 'sent';
        },
        close: async (connection) => {
          this.closed.push(connection);
        },
      },
      edgeLink: {
        isLinked: () => true,
        send: async (to, sent) => {
          await command?.(to, sent);
          return { kind: 'done', id: sent.id, ok: true };
        },
      },
      directory: new EdgeDirectory(this.store.edges, clock),
      domain: { name: domain, aliases: ['localhost'] },
      log: silentLog,
      observer: blindObserver,
      vault: nodeVault(async () => 'the secret of this installation'),
      settings: {
        version: '0.1.0',
        providers: [{ domain: 'provider.test' }],
        webOrigin: 'https://sylk.test',
        callsPerMinute: 1000,
        addressesPerHour: 1000,
        maxConnectionAgeMs: 2 * 60 * 60_000,
        isOrdered,
      },
    };
  }

  /** An edge, an account, and a connection on which the account is added. */
  async open(name = 'laptop'): Promise<ConnectionId> {
    const load = { calls: 0, cpu: 0, draining: false };
    await this.store.edges.hello({ edge, generation, version: '0.1.0', load, renewedAt: this.now });
    const created = { displayName: 'Alice', createdAt: this.now, createdBy: 'test' };
    const ha1 = { ha1Md5: nodeCrypto.md5(`alice:${domain}:secret`), ha1Sha256: '' };
    await this.store.accounts.create({ aor: alice, ...created, ...ha1, lifetime: 'permanent', status: 'active' });
    const connection = connectionId(name);
    const expiresAt = this.now + 2 * 60 * 60_000;
    await this.store.connections.open({ connection, network: '192.0.2.7', openedAt: this.now, expiresAt });
    return connection;
  }

  /** Replies to a transaction, in their order: `ack`, or the text of the error. */
  repliesTo(transaction: string): readonly string[] {
    return this.posted.flatMap(({ message }) => {
      if (message.sylkrtc === 'ack' && message.transaction === transaction) return ['ack'];
      return message.sylkrtc === 'error' && message.transaction === transaction ? [message.error] : [];
    });
  }

  close(): void {
    this.store.close();
  }
}
