import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aor, connectionId } from '@sylk/protocol/ids.ts';
import { nodeCrypto } from '../../functions/src/adapters/local/node-crypto.ts';
import { recordConnection } from '../../functions/src/signaling/connection.ts';
import { dispatch } from '../../functions/src/signaling/dispatch.ts';
import type { Services } from '../../functions/src/signaling/services.ts';
import { alice, domain, SignalingCore } from '../fakes/signaling-core.ts';

const bob = aor(`bob@${domain}`);
const phone = connectionId('phone');

test('a receipt that comes while the text is still being told finds the copy of its writer', async () => {
  const core = new SignalingCore();
  const laptop = await core.open();
  const account = await core.store.accounts.find(alice);
  assert.ok(account);
  const ha1Md5 = nodeCrypto.md5(`bob:${domain}:secret`);
  await core.store.accounts.create({ ...account, aor: bob, ha1Md5 });
  const timestamp = '2026-01-31T12:00:00Z';
  const receipt = { uri: alice, message_id: 'm1', state: 'displayed', timestamp } as const;
  const services: Services = {
    ...core.services,
    sender: {
      ...core.services.sender,
      post: async (connection, frame) => {
        const sent = await core.services.sender.post(connection, frame);
        if (connection === phone && frame.includes('"event":"message"'))
          await dispatch(services, phone, {
            sylkrtc: 'account-disposition-notification',
            transaction: 'd',
            account: bob,
            ...receipt,
          });
        return sent;
      },
    },
  };
  await recordConnection(services, phone, '192.0.2.8');
  for (const [connection, name] of [
    [laptop, alice],
    [phone, bob],
  ] as const) {
    await dispatch(services, connection, {
      sylkrtc: 'account-add',
      transaction: 'a',
      account: name,
      password: 'secret',
    });
    await dispatch(services, connection, { sylkrtc: 'account-register', transaction: 'r', account: name });
  }
  const text = { content: 'Good morning', content_type: 'text/plain', timestamp };
  const write = { sylkrtc: 'account-message', transaction: 'm', account: alice, uri: bob, message_id: 'm1' } as const;
  await dispatch(services, laptop, { ...write, ...text });
  assert.deepEqual(core.repliesTo('d'), ['ack']);
  assert.equal((await core.store.messages.find(alice, 'm1'))?.state, 'displayed');
  core.close();
});
