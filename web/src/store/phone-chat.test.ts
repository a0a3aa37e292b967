import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { onlyOne, openChats, shown, threadOf, write } from '../../../test/fakes/chat-world.ts';

describe('conversations', () => {
  test('what is written is there at once, and its fate follows', async () => {
    const { phone, gateway } = await openChats();
    await write(phone, 'Hello', 'Are you there?');
    assert.deepEqual(gateway.sent, ['Hello', 'Are you there?']);
    gateway.report('Hello', 'accepted');
    gateway.report('Hello', 'displayed');
    gateway.report('Hello', 'delivered');
    gateway.report('Are you there?', 'delivered');
    await phone.pass(10);
    assert.deepEqual(shown(phone), [
      ['Hello', 'displayed'],
      ['Are you there?', 'delivered'],
    ]);
    assert.equal(onlyOne(phone).last?.text, 'Are you there?');
  });

  test('a message that came is unread until it is seen, and its sender is told then', async () => {
    const { phone, gateway } = await openChats();
    const id = await write(phone, 'Hello');
    phone.store.chats.closeConversation();
    gateway.receive('bob@example.org', 'Yes?');
    await phone.pass(20);
    assert.equal(phone.snapshot.chat.unread, 1);
    assert.equal(phone.snapshot.chat.arrived?.text, 'Yes?');
    const reports = () => phone.world.carriedOut('account-disposition-notification').map(({ state }) => state);
    assert.deepEqual(reports(), ['delivered']);
    phone.store.chats.openConversation(id);
    await phone.pass(5);
    assert.equal(threadOf(phone).firstUnread, 'bob@example.org in-1');
    phone.store.chats.seen(id);
    phone.store.chats.seen(id);
    await phone.pass(20);
    assert.equal(phone.snapshot.chat.unread, 0);
    assert.deepEqual(reports(), ['delivered', 'displayed']);
    assert.equal(phone.world.carriedOut('account-mark-conversation-read').length, 1);
  });

  test('the page loaded again shows all of it, without a network too, and fetches only what is new', async () => {
    const { phone, gateway } = await openChats();
    await write(phone, 'one', 'two');
    gateway.receive('bob@example.org', 'three');
    await phone.pass(20);
    phone.world.gateway.isDown = true;
    phone.browser.isOnline = false;
    await phone.reload();
    await phone.store.chats.openChat('bob@example.org');
    await phone.pass(5);
    const texts = () => shown(phone).map(([text]) => text);
    assert.deepEqual(texts().sort(), ['one', 'three', 'two']);
    gateway.receive('bob@example.org', 'four');
    phone.world.gateway.isDown = false;
    phone.browser.isOnline = true;
    await phone.pass(30_000);
    assert.deepEqual(texts().sort(), ['four', 'one', 'three', 'two']);
    assert.equal(phone.snapshot.chat.isSyncing, false);
  });

  test('what is written offline leaves once, also when the page is loaded again before', async () => {
    const { phone, gateway } = await openChats();
    await write(phone, 'before');
    phone.world.gateway.isDown = true;
    phone.world.gateway.socket.cut();
    await phone.pass(10);
    await write(phone, 'first', 'second');
    assert.deepEqual(gateway.sent, ['before']);
    await phone.reload();
    await write(phone, 'third');
    phone.world.gateway.isDown = false;
    await phone.pass(60_000);
    assert.deepEqual(gateway.sent, ['before', 'first', 'second', 'third']);
    await phone.reload();
    await phone.pass(30_000);
    assert.deepEqual(gateway.sent, ['before', 'first', 'second', 'third']);
  });

  test('a message whose answer is lost is stored once', async () => {
    const { phone, gateway } = await openChats();
    const { onRequest } = phone.world.gateway;
    let isFirst = true;
    phone.world.gateway.onRequest = (request) => {
      onRequest(request);
      if (request.sylkrtc === 'account-message' && isFirst) phone.world.gateway.socket.cut();
      if (request.sylkrtc === 'account-message') isFirst = false;
    };
    await write(phone, 'only once');
    await phone.pass(60_000);
    assert.deepEqual(gateway.sent, ['only once']);
    assert.equal(phone.world.carriedOut('account-message').length, 2);
  });

  test('a refused message says why, and is tried again when it is asked for', async () => {
    const { phone, gateway } = await openChats();
    phone.world.gateway.refusals.set('account-message', 'You write too fast. Wait a minute.');
    const id = await write(phone, 'Hello');
    const [failed] = threadOf(phone).messages;
    assert.deepEqual([failed?.state, failed?.reason], ['failed', 'You write too fast. Wait a minute.']);
    phone.world.gateway.refusals.clear();
    phone.store.chats.retryMessage(id, failed?.id ?? '');
    await phone.pass(20);
    assert.deepEqual(gateway.sent, ['Hello']);
    assert.deepEqual(shown(phone), [['Hello', 'pending']]);
    gateway.report('Hello', 'accepted');
    await phone.pass(10);
    assert.deepEqual(shown(phone), [['Hello', 'accepted']]);
  });

  test('what other devices did while this one was away is told by the journal', async () => {
    const { phone, gateway } = await openChats();
    await write(phone, 'one', 'two');
    gateway.receive('bob@example.org', 'three');
    gateway.receive('carol@example.org', 'four');
    await phone.pass(20);
    const sent = gateway.journal.map(({ message_id }) => message_id);
    const removal = { contact: 'bob@example.org', message_id: sent[0], direction: 'outgoing' };
    const about = { contact: 'bob@example.org' };
    const type = (name: string) => ({ content_type: `application/sylk-${name}` });
    gateway.store({ ...about, message_id: 'x-1', ...type('message-remove'), content: JSON.stringify(removal) });
    gateway.store({ ...about, message_id: 'x-2', ...type('conversation-read'), content: 'bob@example.org' });
    gateway.store({ ...about, message_id: 'x-3', ...type('conversation-remove'), content: 'carol@example.org' });
    const imdn = JSON.stringify({ message_id: sent[1], state: 'displayed' });
    gateway.store({ ...about, message_id: 'x-4', content_type: 'message/imdn', content: imdn });
    phone.world.gateway.socket.cut();
    await phone.pass(30_000);
    assert.deepEqual(
      shown(phone).sort(),
      [
        ['three', 'received'],
        ['two', 'displayed'],
      ].sort(),
    );
    assert.equal(onlyOne(phone).unread, 0);
  });

  test('another tab removes a message, reads and empties a conversation: this one follows', async () => {
    const { phone, gateway } = await openChats();
    await write(phone, 'one');
    gateway.receive('bob@example.org', 'two');
    await phone.pass(20);
    const id = gateway.journal[0]?.message_id;
    const content = { contact: 'bob@example.org', message_id: id, direction: 'outgoing' };
    gateway.tell({ event: 'sync', type: 'message', action: 'remove', content });
    gateway.tell({ event: 'sync', type: 'conversation', action: 'read', content: { contact: 'bob@example.org' } });
    await phone.pass(10);
    assert.deepEqual(shown(phone), [['two', 'received']]);
    assert.equal(onlyOne(phone).unread, 0);
    gateway.tell({ event: 'sync', type: 'conversation', action: 'remove', content: { contact: 'bob@example.org' } });
    await phone.pass(10);
    assert.deepEqual(phone.snapshot.chat.conversations, []);
  });

  test('what came after another tab read and emptied the conversation stays, though that is heard of later', async () => {
    const { phone, gateway } = await openChats();
    const content = { contact: 'bob@example.org', timestamp: '2023-11-14T22:13:20.000Z' };
    gateway.receive('bob@example.org', 'later');
    await phone.pass(20);
    gateway.tell({ event: 'sync', type: 'conversation', action: 'read', content });
    gateway.tell({ event: 'sync', type: 'conversation', action: 'remove', content });
    await phone.pass(10);
    assert.equal(onlyOne(phone).unread, 1);
  });

  test('what a clock that is ahead wrote goes with its conversation, as the gateway dates it back', async () => {
    const { phone, gateway } = await openChats();
    gateway.receive('bob@example.org', 'still here');
    await write(phone, 'from the future');
    gateway.report('from the future', 'accepted', '2023-11-14T22:13:00.000Z');
    await phone.pass(10);
    assert.deepEqual(
      shown(phone).map(([text]) => text),
      ['from the future', 'still here'],
    );
    const content = { contact: 'bob@example.org', timestamp: '2023-11-14T22:13:10.000Z' };
    gateway.tell({ event: 'sync', type: 'conversation', action: 'remove', content });
    await phone.pass(10);
    assert.deepEqual(shown(phone), [['still here', 'received']]);
  });

  test('removals are gone at once, and told to the gateway when there is one', async () => {
    const { phone } = await openChats();
    const id = await write(phone, 'one', 'two');
    phone.world.gateway.isDown = true;
    phone.world.gateway.socket.cut();
    await phone.pass(10);
    phone.store.chats.removeMessage(id, threadOf(phone).messages[0]?.id ?? '');
    await phone.pass(5);
    assert.deepEqual(
      shown(phone).map(([text]) => text),
      ['two'],
    );
    phone.store.chats.removeConversation(id);
    await phone.pass(5);
    assert.deepEqual(phone.snapshot.chat.conversations, []);
    phone.world.gateway.isDown = false;
    await phone.pass(30_000);
    assert.equal(phone.world.carriedOut('account-remove-message').length, 1);
    assert.equal(phone.world.carriedOut('account-remove-conversation').length, 1);
  });

  test('words are found in all conversations, tags and case aside', async () => {
    const { phone, gateway } = await openChats();
    gateway.receive('bob@example.org', 'Lunch on Friday?');
    gateway.receive('carol@example.org', '<p>The <b>friday</b> report</p><script>lunch()</script>', {
      content_type: 'text/html',
    });
    await phone.pass(20);
    const found = (words: string) => phone.store.chats.findMessages(words).map(({ text }) => text);
    assert.deepEqual(found('friday').sort(), ['Lunch on Friday?', 'The friday report']);
    assert.deepEqual(found('LUNCH fri'), ['Lunch on Friday?']);
    assert.deepEqual(found(' '), []);
  });
});
