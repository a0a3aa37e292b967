import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../../peers/baresip.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { RawClient, type RawFrame } from '../../peers/raw-client.ts';

describe('a phone writes to an account of the whole gateway', () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway?.stop());

  const signIn = async (account: { address: string; password: string }): Promise<RawClient> => {
    const client = await RawClient.ready(gateway.origin);
    await client.add(account);
    await client.ask({ sylkrtc: 'account-register', account: account.address });
    await client.next(({ state }) => state === 'registered');
    return client;
  };
  const phoneFor = (address: string): Promise<Baresip> =>
    Baresip.start({
      registers: { aor: 'bob@phones.example', everySec: 0 },
      contact: `sip:${address.split('@')[0]}@127.0.0.1:${gateway.sipPort}`,
      isTraced: true,
    });
  const isText = ({ event }: RawFrame): boolean => event === 'message';

  it('that is signed in: 200, and the text is there', async () => {
    const account = await gateway.mint();
    const client = await signIn(account);
    const phone = await phoneFor(account.address);
    phone.command('message', 'Hello page');
    await phone.process.says(/SIP\/2\.0 200 OK[\s\S]*CSeq: \d+ MESSAGE/);
    const message = await client.next(isText);
    assert.deepEqual([message.content, message.content_type], ['Hello page', 'text/plain']);
    client.close();
    await phone.stop();
  });

  it('that is away: 202, and the text is in its history when it signs in', async () => {
    const account = await gateway.mint();
    const phone = await phoneFor(account.address);
    phone.command('message', 'Read this later');
    await phone.process.says(/SIP\/2\.0 202 Accepted[\s\S]*CSeq: \d+ MESSAGE/);
    const client = await signIn(account);
    await client.ask({ sylkrtc: 'account-sync-conversations', account: account.address });
    const { messages } = await client.next(({ event }) => event === 'sync-conversations');
    assert.match(JSON.stringify(messages), /Read this later/);
    client.close();
    await phone.stop();
  });

  it('that never was: 404', async () => {
    const phone = await phoneFor('nobody-knows-me@sylk.test');
    phone.command('message', 'Anybody?');
    await phone.process.says(/SIP\/2\.0 404 Not Found[\s\S]*CSeq: \d+ MESSAGE/);
    await phone.stop();
  });

  it('and is written to: the text is accepted when the phone has it, failed with its code where nobody is', async () => {
    const account = await gateway.mint();
    const client = await signIn(account);
    const phone = await Baresip.start({ isTraced: true });
    const text = {
      sylkrtc: 'account-message',
      account: account.address,
      content: 'Hello phone',
      content_type: 'text/plain',
    };
    const write = async (uri: string): Promise<RawFrame> => {
      const message_id = randomUUID();
      const reply = await client.ask({ ...text, uri, message_id, timestamp: new Date().toISOString() });
      assert.equal(reply.sylkrtc, 'ack');
      return client.next((frame) => frame.event === 'disposition-notification' && frame.message_id === message_id);
    };
    assert.equal((await write(phone.uri)).state, 'accepted');
    await phone.process.says(/Hello phone/);
    await phone.stop();
    const nowhere = await write('nobody-knows-me@sylk.test');
    assert.deepEqual([nowhere.state, nowhere.code], ['failed', 404]);
    client.close();
  });
});
