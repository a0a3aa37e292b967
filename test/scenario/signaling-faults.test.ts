import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EdgeReport } from '@sylk/protocol/edge/reports.ts';
import { type ConnectionId, connectionId, deviceId, sessionId } from '@sylk/protocol/ids.ts';
import type { Request } from '@sylk/protocol/sylkrtc/requests.ts';
import { connectionClosed } from '../../functions/src/signaling/connection.ts';
import { dispatch } from '../../functions/src/signaling/dispatch.ts';
import { handleReport } from '../../functions/src/signaling/edge-events.ts';
import { type StepFaults, StoreFault } from '../fakes/faulty-store.ts';
import { alice, edge, generation, SignalingCore } from '../fakes/signaling-core.ts';

/** Counts steps, and lets one of them fail: before it happened, or with its answer lost. */
class OneFault implements StepFaults {
  readonly steps: string[] = [];
  readonly #at: number;
  readonly #when: 'before' | 'after';
  #chosen: symbol | undefined;
  isArmed = false;

  constructor(at: number, when: 'before' | 'after') {
    this.#at = at;
    this.#when = when;
  }

  async before(step: string, call: symbol): Promise<void> {
    if (!this.isArmed) return;
    if (this.steps.length === this.#at) this.#chosen = call;
    this.steps.push(step);
    this.#fail('before', call);
  }

  async after(_: string, call: symbol): Promise<void> {
    this.#fail('after', call);
  }

  #fail(when: 'before' | 'after', call: symbol): void {
    if (!this.isArmed || when !== this.#when || call !== this.#chosen) return;
    this.isArmed = false;
    throw new StoreFault(call.description);
  }
}

interface Scene {
  readonly core: SignalingCore;
  readonly laptop: ConnectionId;
  readonly phone: ConnectionId;
}

interface Flow {
  /** What has happened before. */
  readonly given: readonly ((scene: Scene) => Promise<unknown>)[];
  /** What is interrupted, and then done once more as its sender would. */
  readonly when: (scene: Scene) => Promise<unknown>;
}

const add = { sylkrtc: 'account-add', transaction: 'add', account: alice, password: 'secret' } as const;
const register = { sylkrtc: 'account-register', transaction: 'reg', account: alice } as const;
const unregister = { sylkrtc: 'account-unregister', transaction: 'unreg', account: alice } as const;
const remove = { sylkrtc: 'account-remove', transaction: 'rem', account: alice } as const;
const secret = 's'.repeat(32);
const create = {
  sylkrtc: 'session-create',
  transaction: 'c',
  session: 's1',
  account: alice,
  uri: 'b@x.org',
  sdp: '',
  resume: secret,
} as const;
const resume = {
  sylkrtc: 'session-resume',
  transaction: 'r',
  account: alice,
  session: 's1',
  secret,
  last_event: 0,
} as const;

const session = sessionId('incoming');
const originator = { uri: 'carol@example.org' };
const ring = { kind: 'ring', id: 'r1', edge, generation, aor: alice, session, originator } as const;
const key = { aor: alice, device: deviceId('device-laptop'), session };
const bind = { kind: 'bind', id: 'r2', key, connection: connectionId('laptop'), resume: secret } as const;
const ended = { kind: 'ended', id: 'r3', keys: [key] } as const;
const missed = { kind: 'missed', id: 'r4', aor: alice, originator, at: Date.UTC(2026, 0, 31, 11) } as const;
const load = { calls: 0, cpu: 0, draining: false };
const reborn = { kind: 'hello', id: 'r5', edge, generation: generation + 1, version: '0.1.0', load } as const;

const asks =
  (request: Request) =>
  ({ core, laptop }: Scene) =>
    dispatch(
      core.services,
      laptop,
      request.sylkrtc === 'account-add' ? { ...request, device: 'device-laptop' } : request,
    );
const phoneAsks =
  (request: Request) =>
  ({ core, phone }: Scene) =>
    dispatch(core.services, phone, request);
const reports =
  (report: EdgeReport) =>
  ({ core }: Scene) =>
    handleReport(core.services, edge, report);

const flows: Readonly<Record<string, Flow>> = {
  'account-add': { given: [], when: asks(add) },
  'account-register': { given: [asks(add)], when: asks(register) },
  'account-unregister': { given: [asks(add), asks(register)], when: asks(unregister) },
  'account-remove': { given: [asks(add), asks(register)], when: asks(remove) },
  'session-create': { given: [asks(add)], when: asks(create) },
  'session-resume on another connection': { given: [asks(add), asks(create), phoneAsks(add)], when: phoneAsks(resume) },
  'a ring at two devices': {
    given: [asks(add), asks(register), phoneAsks(add), phoneAsks(register)],
    when: reports(ring),
  },
  'a sign-in while it rings': {
    given: [asks(add), asks(register), reports(ring), phoneAsks(add)],
    when: phoneAsks(register),
  },
  'the answer of one device': {
    given: [asks(add), asks(register), phoneAsks(add), phoneAsks(register), reports(ring)],
    when: reports(bind),
  },
  'the end of a session': { given: [asks(add), asks(register), reports(ring), reports(bind)], when: reports(ended) },
  'a missed call': { given: [asks(add), asks(register)], when: reports(missed) },
  'a new life of an edge': { given: [asks(add), asks(create)], when: reports(reborn) },
  'the end of a connection': {
    given: [asks(add), asks(register), asks(create)],
    when: ({ core, laptop }) => connectionClosed(core.services, laptop).catch(ignoreFault),
  },
};

const ignoreFault = (error: unknown): void => {
  if (!(error instanceof StoreFault)) throw error;
};

/** All that is stored, apart from the epochs: a resume that is repeated may raise one once more. */
const stored = async ({ core: { store, now }, laptop, phone }: Scene) => {
  const sessions = [
    ...(await store.sessions.ofCall(alice, sessionId('s1'), now)),
    ...(await store.sessions.ofCall(alice, session, now)),
  ];
  return {
    connections: [await store.connections.find(laptop, now), await store.connections.find(phone, now)],
    devices: await store.devices.of(alice, now),
    sessions: sessions.map(({ attachment, ...rest }) => ({ ...rest, attachment: { ...attachment, epoch: 0 } })),
    missed: (await store.missedCalls.newest(alice, 10)).map(({ seq, report }) => [seq, report]),
    edges: (await store.edges.list()).map(({ edge, generation, status }) => [edge, generation, status]),
  };
};

/** Plays a flow with one fault, then what was interrupted once more. */
const play = async ({ given, when }: Flow, fault: OneFault) => {
  const core = new SignalingCore({ faults: fault });
  const scene: Scene = { core, laptop: await core.open('laptop'), phone: await core.open('phone') };
  for (const step of given) await step(scene);
  fault.isArmed = true;
  await when(scene);
  const hasFailed = !fault.isArmed;
  fault.isArmed = false;
  if (hasFailed) await when(scene);
  const state = await stored(scene);
  core.close();
  return { state, hasFailed };
};

for (const [name, flow] of Object.entries(flows)) {
  test(`${name}: a crash or a lost answer at any step is mended by the next try`, async () => {
    const never = new OneFault(Number.POSITIVE_INFINITY, 'before');
    const { state: expected } = await play(flow, never);
    assert.ok(never.steps.length > 0);
    for (const [index, step] of never.steps.entries()) {
      for (const when of ['before', 'after'] as const) {
        const { state, hasFailed } = await play(flow, new OneFault(index, when));
        assert.ok(hasFailed, `${step} was reached`);
        assert.deepEqual(state, expected, `${when} ${step}`);
      }
    }
  });
}
