import assert from 'node:assert/strict';
import { deviceId } from '@sylk/protocol/ids.ts';
import { type Facts, facts, type OpenStore, presentAndGone } from './harness.ts';
import { alice, bob, device, laptop, later, now, phone } from './samples.ts';

const devicesFacts: Facts = {
  'registered ones are listed, first registered first': async ({ store: { devices } }) => {
    const second = device({
      device: deviceId('phone'),
      connection: phone,
      registeredAt: now + 1,
      displayName: undefined,
    });
    await devices.register(second);
    await devices.register(device());
    assert.deepEqual(await devices.of(alice, now), [device(), second]);
    assert.deepEqual(await devices.of(bob, now), []);
  },
  'a device moves with its connection': async ({ store: { devices } }) => {
    await devices.register(device());
    await devices.register(device({ connection: phone }));
    assert.deepEqual(await devices.of(alice, now), [device({ connection: phone })]);
  },
  'the end of a former connection does not remove it': async ({ store: { devices } }) => {
    await devices.register(device({ connection: phone }));
    await devices.unregister(alice, deviceId('laptop'), laptop);
    assert.deepEqual(await devices.of(alice, now), [device({ connection: phone })]);
    await devices.unregister(alice, deviceId('laptop'), phone);
    await devices.unregister(alice, deviceId('laptop'), phone);
    assert.deepEqual(await devices.of(alice, now), []);
  },
  'one whose connection is lost is there a little longer, and no longer for being told twice': async (under) => {
    const { devices } = under.store;
    const [until, laptopId] = [now + 1_000, deviceId('laptop')];
    await devices.register(device());
    await devices.leave(alice, laptopId, phone, until);
    assert.deepEqual(await devices.of(alice, now), [device()]);
    await devices.leave(alice, laptopId, laptop, until);
    await devices.leave(alice, laptopId, laptop, until + 1_000);
    assert.deepEqual(await devices.of(alice, until - 1), [device({ expiresAt: until })]);
    await presentAndGone(under, until, async () => {
      assert.deepEqual(await devices.of(alice, until), []);
    });
    await devices.register(device({ connection: phone }));
    await devices.leave(alice, laptopId, laptop, until);
    await devices.leave(alice, laptopId, phone, device().expiresAt + 1);
    assert.deepEqual(await devices.of(alice, now), [device({ connection: phone })]);
    await devices.leave(bob, laptopId, laptop, until);
    assert.deepEqual(await devices.of(bob, now), []);
  },
  'one of an account elsewhere keeps the name of its password': async ({ store: { devices } }) => {
    await devices.register(device({ credentials: 'the name of a password' }));
    assert.deepEqual(await devices.of(alice, now), [device({ credentials: 'the name of a password' })]);
  },
  'an expired one is absent': async (under) => {
    await under.store.devices.register(device());
    await presentAndGone(under, later, async () => {
      assert.deepEqual(await under.store.devices.of(alice, later), []);
    });
  },
};

export const devicesContract = (open: OpenStore) => facts('devices', open, devicesFacts);
