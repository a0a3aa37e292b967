import assert from 'node:assert/strict';
import { deviceId, edgeId, sessionId } from '@sylk/protocol/ids.ts';
import { countOf, type Facts, facts, type OpenStore, presentAndGone } from './harness.ts';
import { attachment, binding, bob, key, laptop, later, now, phone } from './samples.ts';

const bindingsFacts: Facts = {
  'a binding is found by its connection and session': async ({ store: { bindings } }) => {
    assert.equal(await bindings.bind(binding(), now), true);
    assert.deepEqual(await bindings.find(laptop, key.session, now), binding());
    assert.equal(await bindings.find(phone, key.session, now), undefined);
    assert.equal(await bindings.find(laptop, sessionId('s2'), now), undefined);
  },
  'a claimant replaces its own binding, another is refused': async ({ store: { bindings } }) => {
    await bindings.bind(binding(), now);
    const moved = binding({ owner: { edge: edgeId('edge-b'), generation: 9 } });
    assert.equal(await bindings.bind(moved, now), true);
    assert.deepEqual(await bindings.find(laptop, key.session, now), moved);
    assert.equal(await bindings.bind(binding({ claimant: 't2' }), now), false);
  },
  'of several at once exactly one wins': async ({ store: { bindings } }) => {
    const tries = ['t1', 't2', 't3'].map((claimant) => () => bindings.bind(binding({ claimant }), now));
    assert.equal(await countOf(true, tries), 1);
  },
  'the same session with a higher epoch replaces it': async ({ store: { bindings } }) => {
    await bindings.bind(binding(), now);
    const resumed = binding({ claimant: 't2', from: attachment({ epoch: 2 }) });
    assert.equal(await bindings.bind(resumed, now), true);
    const late = binding({ claimant: 't3', from: attachment({ epoch: 1 }) });
    assert.equal(await bindings.bind(late, now), false);
    assert.deepEqual(await bindings.find(laptop, key.session, now), resumed);
  },
  'a higher epoch of another account or device does not': async ({ store: { bindings } }) => {
    await bindings.bind(binding(), now);
    const others = [attachment({ epoch: 2, aor: bob }), attachment({ epoch: 2, device: deviceId('phone') })];
    for (const from of others) assert.equal(await bindings.bind(binding({ claimant: 't2', from }), now), false);
  },
  'an expired one is absent and its id is free': async (under) => {
    const { bindings } = under.store;
    await bindings.bind(binding(), now);
    await presentAndGone(under, later, async () => {
      assert.equal(await bindings.find(laptop, key.session, later), undefined);
      assert.deepEqual(await bindings.of(laptop, later), []);
    });
    await bindings.bind(binding(), now);
    assert.equal(await bindings.bind(binding({ claimant: 't2', expiresAt: later + 1 }), later), true);
  },
  'a release spares a binding that has risen meanwhile': async ({ store: { bindings } }) => {
    await bindings.bind(binding({ from: attachment({ epoch: 2 }) }), now);
    await bindings.release(laptop, key.session, 1);
    assert.notEqual(await bindings.find(laptop, key.session, now), undefined);
    await bindings.release(laptop, key.session, 2);
    await bindings.release(laptop, key.session, 2);
    assert.equal(await bindings.find(laptop, key.session, now), undefined);
  },
  'a barred id is not bound, and no binding for its readers': async (under) => {
    const { bindings } = under.store;
    assert.equal(await bindings.bar(laptop, key.session, later, now), true);
    assert.equal(await bindings.bar(laptop, key.session, later, now), true);
    assert.equal(await bindings.bind(binding(), now), false);
    assert.equal(await bindings.find(laptop, key.session, now), undefined);
    assert.deepEqual(await bindings.of(laptop, now), []);
    await presentAndGone(under, later, async () => {
      assert.equal(await bindings.bind(binding({ expiresAt: later + 1 }), later), true);
      await bindings.release(laptop, key.session, 1);
    });
  },
  'a bound id is not barred': async ({ store: { bindings } }) => {
    await bindings.bind(binding(), now);
    assert.equal(await bindings.bar(laptop, key.session, later, now), false);
    assert.deepEqual(await bindings.find(laptop, key.session, now), binding());
  },
  'all of one connection': async ({ store: { bindings } }) => {
    await bindings.bind(binding(), now);
    await bindings.bind(binding({ session: sessionId('s2') }), now);
    await bindings.bind(binding({ from: attachment({ connection: phone }) }), now);
    const found = await bindings.of(laptop, now);
    assert.deepEqual(found.map(({ session }) => session).toSorted(), ['s1', 's2']);
  },
};

export const bindingsContract = (open: OpenStore) => facts('bindings', open, bindingsFacts);
