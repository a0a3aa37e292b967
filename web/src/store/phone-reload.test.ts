import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeBrowser } from '../../../test/fakes/fake-browser.ts';
import { openPhone, openPhoneWithAddress, PhoneWorld } from '../../../test/fakes/phone-world.ts';
import { claimDevice } from './device-identity.ts';

describe('the page is loaded again', () => {
  test('its call is there, with its timer, and goes on', async () => {
    const phone = await openPhoneWithAddress();
    const id = await phone.talk({ audio: true, video: true });
    phone.acceptAll();
    await phone.pass(30_000);
    const { establishedAt } = phone.call;
    await phone.reload();
    const { call } = phone;
    assert.deepEqual(
      [call.id, call.phase, call.establishedAt, call.peer.uri],
      [id, 'established', establishedAt, 'bob@example.org'],
    );
    assert.deepEqual([call.hasLocalVideo, call.hasRemoteVideo], [true, true]);
    assert.equal(phone.snapshot.activeCall, id);
    phone.store.hangUp(id);
    await phone.pass(500);
    assert.equal(phone.world.carriedOut('session-terminate').length, 1);
    await phone.reload();
    assert.deepEqual(phone.snapshot.calls, []);
  });

  test('a call on hold stays on hold', async () => {
    const phone = await openPhoneWithAddress();
    const id = await phone.talk();
    phone.acceptAll();
    await Promise.all([phone.store.hold(id, true), phone.pass(10)]);
    await phone.reload();
    assert.equal(phone.call.isHeldByMe, true);
  });

  test('the call ended meanwhile: a sentence', async () => {
    const phone = await openPhoneWithAddress();
    const id = await phone.talk();
    phone.world.gateway.sessions.delete(id);
    await phone.reload();
    assert.deepEqual(phone.snapshot.calls, []);
    assert.equal(phone.snapshot.ended?.sentence, 'The call ended while you were not connected.');
  });

  test('a duplicated tab leaves the call where it is', async () => {
    const phone = await openPhoneWithAddress();
    await phone.talk();
    const twin = new PhoneWorld(phone.world);
    twin.browser.memory = phone.browser.memory;
    for (const [key, value] of phone.browser.tabMemory.entries) twin.browser.tabMemory.write(key, value);
    for (const name of phone.browser.claims) twin.browser.claims.add(name);
    await twin.open();
    await twin.pass(1_000);
    assert.deepEqual(twin.snapshot.calls, []);
    assert.equal(phone.call.phase, 'established');
  });

  test('a call that nobody had answered is cancelled', async () => {
    const phone = await openPhoneWithAddress();
    await phone.dial();
    await phone.reload();
    assert.deepEqual(phone.snapshot.calls, []);
  });

  test('where the microphone is refused now, the call goes on listening', async () => {
    const phone = await openPhoneWithAddress();
    await phone.talk();
    phone.acceptAll();
    phone.media.refusal = { audio: 'NotAllowedError' };
    await phone.reload();
    assert.equal(phone.call.phase, 'established');
    assert.match(phone.snapshot.notices[0]?.sentence ?? '', /does not hear you/);
  });

  test('what is stored and makes no sense is nothing', async () => {
    const phone = await openPhone();
    for (const memory of [phone.browser.memory, phone.browser.tabMemory]) {
      for (const key of ['sylk.address', 'sylk.recents', 'sylk.calls', 'sylk.devices', 'sylk.device-choice'])
        memory.write(key, '{"own":[1],"a":');
    }
    await phone.reload();
    for (const memory of [phone.browser.memory, phone.browser.tabMemory]) {
      for (const key of ['sylk.address', 'sylk.recents', 'sylk.calls', 'sylk.devices', 'sylk.device-choice'])
        memory.write(key, '[{"own":7}]');
    }
    await phone.reload();
    assert.deepEqual([phone.snapshot.own, phone.snapshot.recents, phone.snapshot.calls], [undefined, [], []]);
  });
});

describe('the device', () => {
  test('is the same after a reload, another in another tab, and that of a closed tab in a new one', async () => {
    const phone = await openPhone();
    const { world } = phone;
    const claims = new Set<string>();
    const tab = () => Object.assign(new FakeBrowser(world, claims), { memory: phone.browser.memory });
    const [first, second] = [tab(), tab()];
    const firstId = await claimDevice(first);
    const secondId = await claimDevice(second);
    assert.notEqual(firstId, secondId);
    claims.delete(`sylk-device-${secondId}`);
    assert.equal(await claimDevice(second), secondId, 'loaded again');
    claims.add(`sylk-device-${secondId}`);
    const leaving = claimDevice(second);
    await phone.pass(150);
    claims.delete(`sylk-device-${secondId}`);
    await phone.pass(100);
    assert.equal(await leaving, secondId, 'loaded again while the old page still leaves');
    claims.delete(`sylk-device-${firstId}`);
    assert.equal(await claimDevice(tab()), firstId, 'a new tab after the first was closed');
  });

  test("a duplicated tab does not take its twin's", async () => {
    const phone = await openPhone();
    const claims = new Set<string>();
    const original = new FakeBrowser(phone.world, claims);
    const id = await claimDevice(original);
    const twin = Object.assign(new FakeBrowser(phone.world, claims), { memory: original.memory });
    twin.tabMemory.write('sylk.device', id);
    const [claimed] = await Promise.all([claimDevice(twin), phone.pass(1_000)]);
    assert.notEqual(claimed, id);
  });
});
