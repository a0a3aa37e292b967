import assert from 'node:assert/strict';
import type { Conversation, Thread } from '../../web/src/store/chat/chat-snapshot.ts';
import { ChatGateway } from './chat-gateway.ts';
import { openPhoneWithAddress, type PhoneWorld } from './phone-world.ts';

/** A phone with an address, and the journal of it at the gateway. */
export async function openChats(): Promise<{ phone: PhoneWorld; gateway: ChatGateway }> {
  const phone = await openPhoneWithAddress();
  const gateway = new ChatGateway(phone.world.gateway, phone.snapshot.own?.address ?? '');
  return { phone, gateway };
}

/** The conversation, when there is one only. */
export function onlyOne(phone: PhoneWorld): Conversation {
  const [conversation, ...others] = phone.snapshot.chat.conversations;
  assert.ok(conversation, 'there is no conversation');
  assert.equal(others.length, 0);
  return conversation;
}

/** The conversation that is open. */
export function threadOf(phone: PhoneWorld): Thread {
  const { thread } = phone.snapshot.chat;
  assert.ok(thread, 'no conversation is open');
  return thread;
}

/** What the open conversation shows. */
export const shown = (phone: PhoneWorld) => threadOf(phone).messages.map(({ content, state }) => [content, state]);

/** Opens the conversation with Bob and sends these. */
export async function write(phone: PhoneWorld, ...texts: string[]): Promise<string> {
  await phone.store.chats.openChat('bob@example.org');
  await phone.pass(5);
  const { id } = threadOf(phone);
  for (const text of texts) phone.store.chats.sendMessage(id, text);
  await phone.pass(30);
  return id;
}
