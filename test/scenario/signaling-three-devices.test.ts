import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aor } from '@sylk/protocol/ids.ts';
import fc from 'fast-check';
import { nodeCrypto } from '../../functions/src/adapters/local/node-crypto.ts';
import { JournalDevice } from '../fakes/journal-device.ts';
import { journalView } from '../fakes/journal-view.ts';
import { alice, domain, SignalingCore } from '../fakes/signaling-core.ts';

const bob = aor(`bob@${domain}`);
const timestamp = '2026-01-31T12:00:00.000Z';

/** Who acts: one of the three devices of Alice, or Bob's only one. */
const actors = ['laptop', 'phone', 'tablet', 'bob'] as const;
type Actor = (typeof actors)[number];

type Step =
  | { readonly step: 'connect' | 'disconnect' | 'mark-read' | 'remove-conversation' }
  | { readonly step: 'write' | 'write-twice'; readonly number: number }
  | { readonly step: 'report'; readonly number: number; readonly state: 'delivered' | 'displayed' }
  | { readonly step: 'remove-message'; readonly number: number; readonly isOwn: boolean }
  | { readonly step: 'sync'; readonly limit: number };

const number = fc.integer({ min: 1, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ step: fc.constantFrom('write', 'write-twice'), number }) },
  { weight: 3, arbitrary: fc.record({ step: fc.constant('sync'), limit: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ step: fc.constantFrom('connect', 'disconnect') }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constantFrom('mark-read', 'remove-conversation') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('report'),
      number,
      state: fc.constantFrom('delivered', 'displayed'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('remove-message'), number, isOwn: fc.boolean() }) },
);

/** What each does, one after the other, while the others do theirs. */
const plan = fc.record({
  laptop: fc.array(step, { maxLength: 10 }),
  phone: fc.array(step, { maxLength: 10 }),
  tablet: fc.array(step, { maxLength: 6 }),
  bob: fc.array(step, { maxLength: 10 }),
});
type Plan = Readonly<Record<Actor, readonly Step[]>>;

/** Ids by who writes: a text of Alice has the same one from whichever device it comes. */
const idOf = (isAlices: boolean, count: number) => `${isAlices ? 'a' : 'b'}${count}`;

const act = async (device: JournalDevice, actor: Actor, step: Step): Promise<unknown> => {
  const isAlice = actor !== 'bob';
  const other = isAlice ? bob : alice;
  switch (step.step) {
    case 'connect':
      return device.connect();
    case 'disconnect':
      return device.disconnect();
    case 'sync':
      return device.sync(step.limit);
    case 'mark-read':
      return device.asks({ sylkrtc: 'account-mark-conversation-read', contact: other });
    case 'remove-conversation':
      return device.asks({ sylkrtc: 'account-remove-conversation', contact: other });
    case 'remove-message': {
      const message_id = idOf(isAlice === step.isOwn, step.number);
      return device.asks({ sylkrtc: 'account-remove-message', message_id, contact: other });
    }
    case 'report': {
      const receipt = { message_id: idOf(!isAlice, step.number), state: step.state, timestamp };
      return device.asks({ sylkrtc: 'account-disposition-notification', uri: other, ...receipt });
    }
    case 'write':
    case 'write-twice': {
      const message_id = idOf(isAlice, step.number);
      const text = { content: `text ${message_id}`, content_type: 'text/plain', timestamp };
      const write = { sylkrtc: 'account-message', uri: other, message_id, ...text };
      return Promise.all((step.step === 'write' ? [write] : [write, write]).map((one) => device.asks(one)));
    }
  }
};

const open = async (scheduler: fc.Scheduler) => {
  const course = { isOver: false };
  const pause = async () => {
    if (!course.isOver) await scheduler.schedule(Promise.resolve());
  };
  const core = new SignalingCore({ isOrdered: false, faults: { before: pause, after: pause }, sleep: pause });
  await core.open('unused');
  const account = await core.store.accounts.find(alice);
  assert.ok(account);
  const ha1Md5 = nodeCrypto.md5(`bob:${domain}:secret`);
  await core.store.accounts.create({ ...account, aor: bob, displayName: 'Bob', ha1Md5 });
  const devices = {
    laptop: new JournalDevice(core, alice, 'laptop'),
    phone: new JournalDevice(core, alice, 'phone'),
    tablet: new JournalDevice(core, alice, 'tablet'),
    bob: new JournalDevice(core, bob, 'bob'),
  };
  return { core, devices, course };
};

/** All act at the same time; between any two steps of a store anybody may be next. */
const play = async (scheduler: fc.Scheduler, plan: Plan) => {
  const { core, devices, course } = await open(scheduler);
  const courseOf = async (actor: Actor) => {
    if (actor !== 'tablet') await devices[actor].connect();
    for (const step of plan[actor]) await act(devices[actor], actor, step);
  };
  await scheduler.waitFor(Promise.all(actors.map(courseOf)));
  course.isOver = true;
  return { core, devices };
};

const readFromStart = async (core: SignalingCore, account: typeof alice) => {
  const reader = new JournalDevice(core, account, 'reader');
  await reader.catchUp();
  return reader.entries;
};

test('three devices end with the history of one that reads it from its start, whatever they do meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), plan, async (scheduler, plan) => {
      const { core, devices } = await play(scheduler, plan);
      for (const actor of actors) {
        const device = devices[actor];
        await device.catchUp(2);
        const ids = device.entries.map(({ message_id }) => message_id);
        assert.equal(new Set(ids).size, ids.length, `twice in ${ids}`);
        const whole = await readFromStart(core, actor === 'bob' ? bob : alice);
        assert.deepEqual(journalView(device.entries), journalView(whole));
      }
      core.close();
    }),
    { numRuns: 60 },
  );
});
