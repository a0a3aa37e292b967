import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import { type ConnectionId, deviceId, type SessionKey, sessionId } from '@sylk/protocol/ids.ts';
import type { Request } from '@sylk/protocol/sylkrtc/requests.ts';
import fc from 'fast-check';
import { dispatch } from '../../functions/src/signaling/dispatch.ts';
import { handleReport } from '../../functions/src/signaling/edge-events.ts';
import { alice, edge, SignalingCore } from '../fakes/signaling-core.ts';

/** As far as signaling is concerned, an edge: what lives there, each transaction once, and what ended stays ended. */
class EdgeModel {
  readonly alive = new Set<string>();
  readonly created: string[] = [];
  readonly #ended = new Set<string>();
  readonly #seen = new Set<string>();

  /** @returns the sessions that ended by it */
  take(command: EdgeCommand): readonly SessionKey[] {
    if (command.kind !== 'request') return [];
    const { from, request } = command;
    const { session, transaction, sylkrtc } = request;
    if (this.#seen.has(`${session} ${transaction}`)) return [];
    this.#seen.add(`${session} ${transaction}`);
    const key = { aor: from.aor, device: from.device, session: sessionId(session) };
    if (sylkrtc === 'session-create') return this.#create(key);
    if (sylkrtc !== 'session-terminate') return [];
    this.#ended.add(session);
    return this.alive.delete(session) ? [key] : [];
  }

  #create(key: SessionKey): readonly SessionKey[] {
    if (this.#ended.has(key.session)) return [key];
    this.alive.add(key.session);
    this.created.push(key.session);
    return [];
  }
}

const add = { sylkrtc: 'account-add', transaction: 'add', account: alice, password: 'secret' } as const;
const create = {
  sylkrtc: 'session-create',
  transaction: 'c',
  session: 's',
  account: alice,
  uri: 'b@x.org',
  sdp: '',
} as const;
const trickle = { sylkrtc: 'session-trickle', transaction: 't', session: 's', candidates: [] } as const;
const terminate = { sylkrtc: 'session-terminate', transaction: 'e', session: 's' } as const;

const world = async (scheduler: fc.Scheduler) => {
  const model = new EdgeModel();
  const pause = async () => {
    await scheduler.schedule(Promise.resolve());
  };
  const reports: Promise<unknown>[] = [];
  const core: SignalingCore = new SignalingCore({
    isOrdered: false,
    faults: { before: pause, after: pause },
    sleep: pause,
    command: async (_, command) => {
      await pause();
      const keys = model.take(command);
      if (keys.length === 0) return;
      const report = { kind: 'ended', id: `r${reports.length}`, keys } as const;
      reports.push(handleReport(core.services, edge, report));
    },
  });
  const connection = await core.open();
  return { core, model, connection, reports };
};

const run = async (scheduler: fc.Scheduler, requests: readonly Request[]) => {
  const { core, model, connection, reports } = await world(scheduler);
  await scheduler.waitFor(dispatch(core.services, connection, add));
  await scheduler.waitFor(Promise.all(requests.map((request) => dispatch(core.services, connection, request))));
  for (const report of reports) await scheduler.waitFor(report);
  return { core, model, connection };
};

const liveRecord = (core: SignalingCore, connection: ConnectionId) =>
  core.store.sessions.find({ aor: alice, device: deviceId(connection), session: sessionId('s') }, core.now);

const requests = (list: readonly Request[]) =>
  fc.shuffledSubarray(
    list.flatMap((request) => [request, request, request]),
    { minLength: list.length },
  );

test('a session that was ended is over, in whatever order and however often its messages are handled', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), requests([create, trickle, terminate]), async (scheduler, list) => {
      fc.pre(list.includes(terminate));
      const { core, model, connection } = await run(scheduler, list);
      assert.deepEqual([...model.alive], []);
      assert.equal(await liveRecord(core, connection), undefined);
      assert.deepEqual(await core.store.sessions.ofConnection(connection, [alice], core.now), []);
      core.close();
    }),
    { numRuns: 60 },
  );
});

test('a session that was created lives once, in whatever order and however often its messages are handled', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), requests([create, trickle]), async (scheduler, list) => {
      fc.pre(list.includes(create));
      const { core, model, connection } = await run(scheduler, list);
      assert.deepEqual(model.created, ['s']);
      const record = await liveRecord(core, connection);
      assert.deepEqual(await core.store.sessions.spokenForBy(connection, sessionId('s'), core.now), record);
      assert.equal(record?.claimant, 'create c');
      core.close();
    }),
    { numRuns: 60 },
  );
});
