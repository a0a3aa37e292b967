import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { composingType, readComposing } from '@sylk/protocol/composing.ts';
import { onlyOne, openChats, threadOf, write } from '../../../test/fakes/chat-world.ts';

describe('who writes', () => {
  test('a stranger is a request: not counted, not told that it was read, until it is allowed or answered', async () => {
    const { phone, gateway } = await openChats();
    gateway.receive('eve@elsewhere.org', 'Buy this');
    await phone.pass(20);
    const { id, isRequest } = onlyOne(phone);
    assert.equal(isRequest, true);
    assert.equal(phone.snapshot.chat.unread, 0);
    phone.store.chats.openConversation(id);
    phone.store.chats.seen(id);
    await phone.pass(20);
    const states = () => phone.world.carriedOut('account-disposition-notification').map(({ state }) => state);
    assert.deepEqual(states(), ['delivered']);
    phone.store.chats.acceptRequest(id);
    gateway.receive('eve@elsewhere.org', 'Really');
    await phone.pass(20);
    assert.equal(onlyOne(phone).isRequest, false);
    assert.deepEqual(
      phone.world.carriedOut('account-allow').map(({ uri }) => uri),
      ['eve@elsewhere.org'],
    );
    assert.equal(phone.snapshot.chat.unread, 1);
    phone.store.chats.seen(id);
    await phone.pass(20);
    assert.deepEqual(states(), ['delivered', 'delivered', 'displayed']);
  });

  test('who was accepted without a network is known to the gateway later, also after the page was loaded again', async () => {
    for (const isBlockedSince of [false, true]) {
      const { phone, gateway } = await openChats();
      gateway.receive('eve@elsewhere.org', 'It is me');
      await phone.pass(20);
      const { id } = onlyOne(phone);
      phone.world.gateway.isDown = true;
      phone.world.gateway.socket.cut();
      await phone.pass(10);
      phone.store.chats.acceptRequest(id);
      if (isBlockedSince) phone.store.chats.blockContact(id);
      await phone.pass(10);
      await phone.reload();
      phone.world.gateway.isDown = false;
      await phone.pass(60_000);
      const told = ['account-allow', 'account-block'].flatMap((request) => phone.world.carriedOut(request));
      assert.deepEqual(
        told.map(({ sylkrtc, uri }) => [sylkrtc, uri]),
        [[isBlockedSince ? 'account-block' : 'account-allow', 'eve@elsewhere.org']],
      );
    }
  });

  test('a stranger who was allowed on another device is none here, whichever comes first', async () => {
    const { phone, gateway } = await openChats();
    gateway.receive('eve@elsewhere.org', 'Buy this');
    await phone.pass(20);
    assert.equal(onlyOne(phone).isRequest, true);
    gateway.tell({ event: 'contact-policy', blocked: [], allowed: ['eve@elsewhere.org', 'dan@elsewhere.org'] });
    await phone.pass(20);
    assert.equal(onlyOne(phone).isRequest, false);
    gateway.receive('dan@elsewhere.org', 'Hello');
    await phone.pass(20);
    assert.deepEqual(
      phone.snapshot.chat.conversations.map(({ isRequest }) => isRequest),
      [false, false],
    );
  });

  test('somebody who is blocked is not seen, and is back when allowed again', async () => {
    const { phone, gateway } = await openChats();
    gateway.receive('eve@elsewhere.org', 'Buy this');
    await phone.pass(20);
    const { id, uri } = onlyOne(phone);
    phone.store.chats.openConversation(id);
    phone.store.chats.blockContact(id);
    gateway.receive('eve@elsewhere.org', 'Buy it now');
    await phone.pass(20);
    assert.deepEqual(phone.snapshot.chat.conversations, []);
    assert.equal(phone.snapshot.chat.thread, undefined);
    assert.equal(phone.snapshot.notices[0]?.unblock, uri);
    phone.store.unblock(uri);
    await phone.pass(10);
    assert.equal(onlyOne(phone).last?.text, 'Buy it now');
  });

  test('two contacts with the same message id do not hide each other, and types for programs are not shown', async () => {
    const { phone, gateway } = await openChats();
    gateway.receive('bob@example.org', 'from Bob', { message_id: 'same' });
    gateway.receive('carol@example.org', 'from Carol', { message_id: 'same' });
    gateway.receive('carol@example.org', '{}', { content_type: 'application/sylk-message-metadata' });
    gateway.receive('carol@example.org', '-----BEGIN', { content_type: 'text/pgp-public-key' });
    await phone.pass(20);
    assert.deepEqual(phone.snapshot.chat.conversations.map(({ last }) => last?.text).sort(), [
      'from Bob',
      'from Carol',
    ]);
  });

  test('who writes is seen writing, until the message is there or the time is over', async () => {
    const { phone, gateway } = await openChats();
    await write(phone, 'Hello');
    const type = async () => {
      const sender = { uri: 'bob@example.org', display_name: '' };
      gateway.tell({ event: 'composing-indication', state: 'active', refresh: 60, content_type: 'text/plain', sender });
      await phone.pass(10);
      return threadOf(phone).isTyping;
    };
    assert.equal(await type(), true);
    await phone.pass(61_000);
    assert.equal(threadOf(phone).isTyping, false);
    assert.equal(await type(), true);
    gateway.receive('bob@example.org', 'Hi');
    await phone.pass(10);
    assert.equal(threadOf(phone).isTyping, false);
  });

  test('that one writes is told to whom has heard from here, until it is sent, and to no stranger', async () => {
    const { phone, gateway } = await openChats();
    const told = () =>
      phone.world
        .carriedOut('account-message')
        .filter(({ content_type }) => content_type === composingType)
        .map(({ uri, content }) => [uri, readComposing(String(content))?.state]);
    const id = await write(phone, 'Hello');
    phone.store.chats.typing(id, false);
    gateway.report('Hello', 'accepted');
    await phone.pass(10);
    phone.store.chats.typing(id, false);
    phone.store.chats.typing(id, true);
    phone.store.chats.typing(id, false);
    phone.store.chats.sendMessage(id, 'How are you?');
    gateway.receive('carol@example.org', 'Hi');
    await phone.pass(20_000);
    const stranger = phone.snapshot.chat.conversations.find(({ isRequest }) => isRequest);
    phone.store.chats.typing(stranger?.id ?? '', false);
    gateway.tell({ event: 'composing-indication', state: 'active', refresh: 60, sender: { uri: 'carol@example.org' } });
    await phone.pass(10);
    assert.deepEqual(told(), [
      ['bob@example.org', 'active'],
      ['bob@example.org', 'idle'],
      ['bob@example.org', 'active'],
    ]);
    assert.deepEqual(
      phone.snapshot.chat.conversations.filter(({ isTyping }) => isTyping),
      [],
    );
  });

  test('who signs out leaves no messages in the browser', async () => {
    const { phone } = await openChats();
    await write(phone, 'secret');
    const address = phone.snapshot.own?.address ?? '';
    await Promise.all([phone.store.signOut(), phone.pass(20)]);
    assert.equal(phone.snapshot.chat.state, 'none');
    assert.deepEqual((await phone.browser.chats.load(address)).messages, []);
  });
});
