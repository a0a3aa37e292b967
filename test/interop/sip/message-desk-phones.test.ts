/** Texts of accounts of our own domain that have desk phones: baresip registers, pages are signed in beside it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../../peers/baresip.ts';
import { deskPhone, type PermanentAddress, permanentAddress } from '../../peers/desk-phone.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { RawClient, type RawFrame } from '../../peers/raw-client.ts';

let gateway: Gateway;
let alice: PermanentAddress;
let bob: PermanentAddress;
let atAlice: RawClient;
const running: Baresip[] = [];

before(async () => {
  gateway = await startGateway({ SYLK_ADDRESSES_PER_HOUR: '1000' });
  [alice, bob] = [await permanentAddress(gateway), await permanentAddress(gateway)];
  atAlice = await RawClient.ready(gateway.origin);
  await atAlice.add(alice);
  await atAlice.ask({ sylkrtc: 'account-register', account: alice.address });
});

after(async () => {
  atAlice?.close();
  await Promise.all(running.map((phone) => phone.stop()));
  await gateway?.stop();
});

const registered = async (who: PermanentAddress, contact?: string): Promise<Baresip> => {
  const phone = await deskPhone(gateway, who, { isTraced: true, ...(contact === undefined ? {} : { contact }) });
  running.push(phone);
  await phone.event('REGISTER_OK');
  return phone;
};

const write = async (to: string, content: string): Promise<RawFrame> => {
  const message_id = randomUUID();
  const text = { account: alice.address, uri: to, message_id, content, content_type: 'text/plain' };
  await atAlice.ask({ sylkrtc: 'account-message', ...text, timestamp: new Date().toISOString() });
  return atAlice.next((frame) => frame.event === 'disposition-notification' && frame.message_id === message_id);
};

/** How often a phone was sent a MESSAGE with this text. */
const copiesAt = ({ process }: Baresip, text: string): number =>
  process.output.split(/(?=MESSAGE sip:)/).filter((part) => part.startsWith('MESSAGE ') && part.includes(text)).length;

describe('a desk phone of an account', () => {
  it('gets what pages and phones elsewhere write to the account, once', async () => {
    const phone = await registered(bob);
    // Nobody is signed in on a page: it waits there, and the phone has its copy.
    assert.deepEqual(await write(bob.address, 'from a page').then(({ state, code }) => [state, code]), [
      'accepted',
      202,
    ]);
    await phone.process.says(/from a page/);
    const stranger = await Baresip.start({
      registers: { aor: 'carol@phones.example', everySec: 0 },
      contact: `sip:${bob.name}@127.0.0.1:${gateway.sipPort}`,
      isTraced: true,
    });
    running.push(stranger);
    stranger.command('message', 'from elsewhere');
    await stranger.process.says(/SIP\/2\.0 202 Accepted[\s\S]*CSeq: \d+ MESSAGE/);
    await phone.process.says(/from elsewhere/);
  });

  it('writes: its page has it as sent, its reader has it, and no copy comes back to it', async () => {
    const phone = await registered(alice, `sip:${bob.address}`);
    phone.command('message', 'from the desk');
    const sync = await atAlice.next(({ event }) => event === 'sync');
    const { content, server_generated, uri } = Object(sync.content);
    assert.deepEqual([content, server_generated, uri], ['from the desk', true, bob.address]);
    const [reader] = running;
    await reader?.process.says(/from the desk/);
    await atAlice.ask({ sylkrtc: 'account-sync-conversations', account: alice.address });
    const { messages } = await atAlice.next(({ event }) => event === 'sync-conversations');
    assert.match(JSON.stringify(messages), /from the desk/);
    await write(bob.address, 'the last one');
    await reader?.process.says(/the last one/);
    assert.equal(/X-Sylk-To-Sip/i.test(phone.process.output), false);
    assert.equal(reader && copiesAt(reader, 'the last one'), 1);
  });
});
