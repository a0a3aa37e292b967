import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readComposing } from '@sylk/protocol/composing.ts';
import { ClientWorld } from '../../../test/fakes/client-world.ts';
import type { Account } from './account.ts';
import type { Message } from './message.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Alice, signed in; what the gateway tells of her account; and what she hears, as lines. */
async function alone() {
  const world = new ClientWorld();
  const { alice } = await world.signIn();
  const heard = listen(alice);
  const tell = async (event: Fields) => {
    world.gateway.send(world.gateway.socket, { sylkrtc: 'account-event', account: alice.id, ...event });
    await world.clock.advance(10);
  };
  return { world, alice, heard, tell };
}

function listen(account: Account): string[] {
  const heard: string[] = [];
  const told = (name: string) => (message: Message) =>
    heard.push(`${name} ${message.id} ${message.sender.uri} > ${message.receiver.uri} ${message.state}`);
  account.on('incomingMessage', told('incoming'));
  account.on('outgoingMessage', told('outgoing'));
  account.on('sendingMessage', told('sending'));
  account.on('removeMessage', (message) => heard.push(`removed ${message.id}`));
  account.on('messageStateChanged', (id, state, { code }) => heard.push(`${id} is ${state} ${code}`));
  account.on('readConversation', (contact) => heard.push(`read ${contact}`));
  account.on('removeConversation', (contact) => heard.push(`gone ${contact}`));
  return heard;
}

const fromBob: Fields = {
  event: 'message',
  sender: { uri: 'bob@example.org', display_name: 'Bob' },
  timestamp: '2026-03-05T11:15:00.123456+01:00',
  disposition_notification: ['positive-delivery', 'display'],
  message_id: 'm-1',
  content_type: 'text/plain',
  content: 'Noon?',
};

describe('messages of an account', () => {
  test('a sent message is pending, then what the gateway says, and never less than it was', async () => {
    const { world, alice, heard, tell } = await alone();
    const states: string[] = [];
    const message = alice.sendMessage('bob@example.org', 'Hello', 'text/plain', { id: 'm-9' });
    message.on('stateChanged', (old, state) => states.push(`${old} > ${state}`));
    await world.clock.advance(10);
    const [request] = world.carriedOut('account-message');
    assert.equal(request?.message_id, 'm-9');
    assert.equal(request?.timestamp, message.timestamp.toISOString());
    const news = { event: 'disposition-notification', message_id: 'm-9', message_timestamp: '', code: 200, reason: '' };
    for (const state of ['accepted', 'displayed', 'delivered', 'accepted', 'failed']) await tell({ ...news, state });
    assert.deepEqual(states, ['pending > accepted', 'accepted > displayed']);
    assert.deepEqual(heard, [
      'sending m-9 alice@example.org > bob@example.org pending',
      'm-9 is accepted 200',
      'm-9 is displayed 200',
    ]);
  });

  test('a refused message has failed, with the reason, and can be tried again under its id', async () => {
    const { world, alice, heard } = await alone();
    world.gateway.refusals.set('account-message', 'You write too fast');
    const errors: unknown[] = [];
    const message = alice.sendMessage('bob@example.org', 'Hello', 'text/plain', { id: 'm-9' }, (error) =>
      errors.push(error?.message),
    );
    await world.clock.advance(10);
    assert.deepEqual(errors, ['You write too fast']);
    assert.equal(message.state, 'failed');
    assert.equal(heard.at(-1), 'm-9 is failed 0');
    world.gateway.refusals.clear();
    alice.sendMessage('bob@example.org', 'Hello', 'text/plain', { id: 'm-9', timestamp: message.timestamp });
    await world.clock.advance(10);
    assert.equal(world.carriedOut('account-message').length, 1);
    assert.equal(alice.messages.length, 1);
  });

  test('what is written without a connection is sent after it, once each and in order', async () => {
    const { world, alice } = await alone();
    world.gateway.isDown = true;
    world.gateway.socket.cut();
    await world.clock.advance(10);
    for (const id of ['m-1', 'm-2', 'm-3']) alice.sendMessage('bob@example.org', id, 'text/plain', { id });
    await world.clock.advance(2_000);
    assert.equal(world.carriedOut('account-message').length, 0);
    world.gateway.isDown = false;
    await world.clock.advance(20_000);
    assert.deepEqual(
      world.carriedOut('account-message').map(({ message_id }) => message_id),
      ['m-1', 'm-2', 'm-3'],
    );
  });

  test('an answer that is lost with its socket leads to the same request again, transaction included', async () => {
    const { world, alice } = await alone();
    const seen: Fields[] = [];
    world.gateway.onRequest = (request) => {
      if (request.sylkrtc !== 'account-message') return;
      seen.push(request);
      if (seen.length === 1) world.gateway.socket.cut();
    };
    const answers: unknown[] = [];
    alice.sendMessage('bob@example.org', 'Hello', 'text/plain', {}, (error) => answers.push(error));
    await world.clock.advance(30_000);
    assert.equal(seen.length, 2);
    assert.deepEqual(seen[0], seen[1]);
    assert.deepEqual(answers, [null]);
  });

  test('nothing is written on a socket where the account is not registered yet', async () => {
    const { world, alice } = await alone();
    const order: unknown[] = [];
    world.gateway.socket.cut();
    alice.sendMessage('bob@example.org', 'Hello');
    world.gateway.onRequest = ({ sylkrtc }) => order.push(sylkrtc);
    await world.clock.advance(30_000);
    assert.deepEqual(order, ['account-add', 'account-register', 'account-message']);
  });

  test('a message that came is told as delivered, shown once however often it comes', async () => {
    const { world, heard, tell } = await alone();
    await tell(fromBob);
    await tell(fromBob);
    assert.deepEqual(heard, ['incoming m-1 bob@example.org > alice@example.org received']);
    const [report] = world.carriedOut('account-disposition-notification');
    assert.deepEqual(
      [report?.uri, report?.message_id, report?.state, report?.timestamp],
      ['bob@example.org', 'm-1', 'delivered', '2026-03-05T10:15:00.123Z'],
    );
  });

  test('a long text in pieces is one message, whatever their order', async () => {
    const { world, alice, tell } = await alone();
    const whole: Message[] = [];
    alice.on('incomingMessage', (message) => whole.push(message));
    const bits = (value: number) => value.toString(2).replaceAll('0', '\u200b').replaceAll('1', '\u200c');
    const piece = (index: number, text: string) =>
      `\u2060\u2061${bits(77)}\u200d${bits(index)}\u200d${bits(3)}\u2061\u2060${text}`;
    await tell({ ...fromBob, message_id: 'm-1-1', content: piece(1, 'two ') });
    await tell({ ...fromBob, message_id: 'm-1-2', content: piece(2, 'three') });
    assert.equal(whole.length, 0);
    await tell({ ...fromBob, message_id: 'm-1', content: piece(0, 'one ') });
    assert.deepEqual(
      whole.map(({ id, content, chunkIds }) => [id, content, chunkIds]),
      [['m-1', 'one two three', ['m-1', 'm-1-1', 'm-1-2']]],
    );
    for (const message of whole) alice.removeMessage(message);
    await world.clock.advance(20);
    assert.deepEqual(
      world.carriedOut('account-remove-message').map(({ message_id, contact }) => [message_id, contact]),
      [
        ['m-1', 'bob@example.org'],
        ['m-1-1', 'bob@example.org'],
        ['m-1-2', 'bob@example.org'],
      ],
    );
  });

  test('who writes just now is heard, and told by a document that waits for no connection', async () => {
    const { world, alice, heard, tell } = await alone();
    const told: unknown[] = [];
    alice.on('composingIndication', ({ sender, state, refresh }) => told.push([sender.uri, state, refresh]));
    const news = { event: 'composing-indication', refresh: 90, content_type: 'text/plain', sender: fromBob.sender };
    for (const state of ['active', 'idle']) await tell({ ...news, state });
    assert.deepEqual(told, [
      ['bob@example.org', 'active', 90],
      ['bob@example.org', 'idle', 90],
    ]);
    alice.sendComposing('bob@example.org', 'active', 60);
    await world.clock.advance(10);
    const [request] = world.carriedOut('account-message');
    assert.equal(request?.content_type, 'application/im-iscomposing+xml');
    assert.deepEqual(readComposing(String(request?.content)), { state: 'active', refresh: 60 });
    world.gateway.isDown = true;
    world.gateway.socket.cut();
    alice.sendComposing('bob@example.org', 'idle');
    world.gateway.isDown = false;
    await world.clock.advance(30_000);
    assert.equal(world.carriedOut('account-message').length, 1);
    assert.deepEqual(heard, []);
    assert.deepEqual(world.carriedOut('account-disposition-notification'), []);
  });

  test('what another device does is heard here', async () => {
    const { heard, tell } = await alone();
    const content = {
      sylkrtc: 'account-message',
      transaction: 't',
      account: 'alice@example.org',
      uri: 'bob@example.org',
      message_id: 'm-5',
      content: 'Hello',
      content_type: 'text/plain',
      timestamp: '2026-03-05T11:15:00.000Z',
    };
    await tell({ event: 'sync', type: 'message', action: 'add', content });
    await tell({ event: 'sync', type: 'message', action: 'add', content: { ...content, message_id: 7 } });
    const removal = { contact: 'bob@example.org', message_id: 'm-5', direction: 'outgoing' };
    await tell({ event: 'sync', type: 'message', action: 'remove', content: removal });
    await tell({ event: 'sync', type: 'conversation', action: 'read', content: { contact: 'bob@example.org' } });
    await tell({ event: 'sync', type: 'conversation', action: 'remove', content: { contact: 'bob@example.org' } });
    assert.deepEqual(heard, [
      'sending m-5 alice@example.org > bob@example.org pending',
      'outgoing m-5 alice@example.org > bob@example.org pending',
      'removed m-5',
      'read bob@example.org',
      'gone bob@example.org',
    ]);
  });

  test('a synchronisation brings the messages of the journal, with the content of its own types read', async () => {
    const { world, alice, tell } = await alone();
    const lists: (readonly Message[])[] = [];
    alice.on('syncConversations', (messages) => lists.push(messages));
    alice.syncConversations('m-0');
    await world.clock.advance(10);
    assert.equal(world.carriedOut('account-sync-conversations')[0]?.message_id, 'm-0');
    const entry = { contact: 'bob@example.org', timestamp: '2026-03-05T11:15:00.000Z', disposition: [] };
    const imdn = JSON.stringify({ message_id: 'm-1', state: 'displayed' });
    const text = { ...entry, message_id: 'm-1', content_type: 'text/plain', content: 'Hi', direction: 'outgoing' };
    const read = { ...entry, message_id: 'r-1', content_type: 'application/sylk-conversation-read', direction: '' };
    await tell({
      event: 'sync-conversations',
      messages: [
        { ...text, state: 'accepted' },
        { ...entry, message_id: 'i-1', content_type: 'message/imdn', content: imdn, direction: 'incoming' },
        { ...entry, message_id: 'i-2', content_type: 'message/imdn', content: '{', direction: 'incoming' },
        { ...read, content: 'bob@example.org' },
      ],
    });
    const [list] = lists;
    assert.deepEqual(
      list?.map(({ id, sender, state, json, jsonError }) => [id, sender.uri, state, json, jsonError?.name]),
      [
        ['m-1', 'alice@example.org', 'accepted', undefined, undefined],
        ['i-1', 'bob@example.org', 'received', { message_id: 'm-1', state: 'displayed' }, undefined],
        ['i-2', 'bob@example.org', 'received', undefined, 'SyntaxError'],
        ['r-1', 'bob@example.org', 'received', undefined, undefined],
      ],
    );
    assert.deepEqual(
      alice.messages.map(({ id }) => id),
      ['m-1'],
    );
  });

  test('an application that never registers gets the answer of the gateway', async () => {
    const world = new ClientWorld();
    const connection = world.connect();
    await world.clock.advance(600);
    world.gateway.refusals.set('account-message', 'Account not authenticated');
    const bob = connection.addAccount({ account: 'bob@example.org', password: 'x' });
    const errors: unknown[] = [];
    bob.sendMessage('alice@example.org', 'Hi', 'text/plain', {}, (error) => errors.push(error?.message));
    await world.clock.advance(20);
    assert.deepEqual(errors, ['Account not authenticated']);
  });

  test('what still waits when the account goes is answered', async () => {
    const { world, alice } = await alone();
    world.gateway.isDown = true;
    world.gateway.socket.cut();
    await world.clock.advance(10);
    const errors: unknown[] = [];
    alice.sendMessage('bob@example.org', 'Hi', 'text/plain', {}, (error) => errors.push(error?.message));
    for (const connection of world.connections) connection.close();
    await world.clock.advance(10);
    assert.deepEqual(errors, ['Connection closed']);
  });
});
