/** Texts of an account of a provider, through the whole gateway: Kamailio is the provider, baresip and linphone the phones there. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../../peers/baresip.ts';
import { ChattingLinphone } from '../../peers/chatting-linphone.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { Kamailio } from '../../peers/kamailio.ts';
import { RawClient, type RawFrame } from '../../peers/raw-client.ts';

const alice = 'alice@provider.test';
let provider: Kamailio;
let gateway: Gateway;
let bob: Baresip;
const clients: RawClient[] = [];

before(async () => {
  provider = await Kamailio.start();
  gateway = await startGateway({ SYLK_FOREIGN_ACCOUNTS: `provider.test=${provider.uri}` });
  bob = await Baresip.start({
    user: 'bob',
    registers: { aor: 'bob@provider.test', everySec: 600 },
    account: `auth_user=bob;auth_pass=${provider.password('bob')};outbound="${provider.uri}"`,
    contact: `sip:${alice}`,
    isTraced: true,
  });
  await provider.says(/registered bob/);
});

after(async () => {
  for (const client of clients) client.close();
  await bob?.stop();
  await gateway?.stop();
  await provider?.stop();
});

const signIn = async (): Promise<RawClient> => {
  const client = await RawClient.ready(gateway.origin);
  clients.push(client);
  await client.add({ address: alice, password: provider.password('alice') });
  await client.ask({ sylkrtc: 'account-register', account: alice });
  await client.next(({ event, state }) => event === 'registration-state' && state === 'registered');
  return client;
};

const isText = ({ event }: RawFrame): boolean => event === 'message';
const isReceipt =
  (wanted: string) =>
  ({ event, state }: RawFrame): boolean =>
    event === 'disposition-notification' && state === wanted;

const write = async (client: RawClient, uri: string, content: string): Promise<void> => {
  const fields = { message_id: content.replaceAll(' ', '-'), content, content_type: 'text/plain' };
  const timestamp = new Date().toISOString();
  const reply = await client.ask({ sylkrtc: 'account-message', account: alice, uri, ...fields, timestamp });
  assert.equal(reply.sylkrtc, 'ack');
};

describe('texts of an account of a provider', () => {
  it('baresip: both ways, on all devices, and in the history', async () => {
    const [first, second] = [await signIn(), await signIn()];
    bob.command('message', 'Hello Alice');
    await bob.process.says(/SIP\/2\.0 200 OK[\s\S]*CSeq: \d+ MESSAGE/);
    const [told, also] = await Promise.all([first.next(isText), second.next(isText)]);
    assert.deepEqual([told.account, told.content, also.content], [alice, 'Hello Alice', 'Hello Alice']);
    assert.equal(Object(told.sender).uri, 'bob@provider.test');
    await write(first, 'bob@provider.test', 'Hello Bob');
    await bob.process.says(/Hello Bob/);
    assert.equal((await first.next(isReceipt('accepted'))).code, 200);
    await first.ask({ sylkrtc: 'account-sync-conversations', account: alice });
    const { messages } = await first.next(({ event }) => event === 'sync-conversations');
    assert.match(JSON.stringify(messages), /Hello Alice.*Hello Bob/);
  });

  it('linphone: its receipt becomes the state of the text, and ours reaches it', async () => {
    const client = await signIn();
    const carol = await ChattingLinphone.start({
      ...{ identity: 'sip:carol@provider.test', proxy: provider.uri, password: provider.password('carol') },
    });
    await provider.says(/registered carol/);
    await write(client, 'carol@provider.test', 'Hello Carol');
    await carol.says(/Message received from sip:alice@provider\.test: Hello Carol/);
    await client.next(isReceipt('delivered'));
    await carol.stop();
  });

  it('who writes to the account without its provider, by name, is told that nobody is there', async () => {
    const stranger = await Baresip.start({
      registers: { aor: 'eve@phones.example', everySec: 0 },
      account: `outbound="sip:127.0.0.1:${gateway.sipPort}"`,
      contact: `sip:${alice}`,
      isTraced: true,
    });
    stranger.command('message', 'not by the provider');
    await stranger.process.says(/SIP\/2\.0 404[\s\S]*CSeq: \d+ MESSAGE/);
    await stranger.stop();
  });
});
