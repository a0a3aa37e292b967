import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { aor } from '@sylk/protocol/ids.ts';
import type { IncomingPage } from '../../../media-edge/src/ports/sip-messages.ts';
import { Baresip } from '../../peers/baresip.ts';
import { ChattingLinphone } from '../../peers/chatting-linphone.ts';
import { providerAccount } from '../../peers/elsewhere.ts';
import { Kamailio } from '../../peers/kamailio.ts';
import { PagerEdge } from '../../peers/pager-edge.ts';

let edge: PagerEdge;

before(async () => {
  edge = await PagerEdge.open();
});

beforeEach(() => {
  edge.pages.length = 0;
});

after(() => edge.close());

/** The first page of this kind; the others before it stay on the list. */
const pageThat = async (fits: (page: IncomingPage) => boolean): Promise<IncomingPage> => {
  const others: IncomingPage[] = [];
  for (;;) {
    const page = await edge.page();
    if (fits(page)) {
      edge.pages.unshift(...others);
      return page;
    }
    others.push(page);
  }
};

/** linphonec also reports that it could not read the envelope, by another name. */
const isReceipt = ({ body }: IncomingPage): boolean => body.kind === 'disposition' && body.message === 'with-receipt';

describe('chat with linphonec, direct', () => {
  it('it reads plain text, after it has refused CPIM, and is read', async () => {
    const bob = await ChattingLinphone.start({ identity: 'sip:bob@phones.example', proxy: `sip:${edge.address}` });
    assert.deepEqual((await edge.send(`bob@127.0.0.1:${bob.port}`, 'Grüße an Bob')).code, 200);
    await bob.says(/Message received from sip:alice@gateway\.test: Grüße an Bob/);
    bob.chat('sip:alice@gateway.test', 'Hi there, ça va?');
    const message = await edge.message();
    assert.equal(message.content, 'Hi there, ça va?');
    assert.equal(message.from.uri, 'bob@phones.example');
    await bob.stop();
  });
});

describe('chat with baresip, direct', () => {
  it('it reads plain text, and is read', async () => {
    const bob = await Baresip.start({ contact: `sip:alice@${edge.address}`, isTraced: true });
    assert.equal((await edge.send(bob.uri, 'Hello baresip')).code, 200);
    await bob.process.says(/Hello baresip/);
    bob.command('message', 'Hello page');
    const message = await edge.message();
    assert.equal(message.content, 'Hello page');
    assert.equal(message.contentType, 'text/plain');
    await bob.stop();
  });
});

describe('chat through Kamailio, by an account there', () => {
  let kamailio: Kamailio;
  const alice = aor('alice@provider.test');

  before(async () => {
    kamailio = await Kamailio.start();
    const registered = Promise.withResolvers<void>();
    edge.endpoint.registrations.onState((_, __, state) => {
      if (state.state === 'registered') registered.resolve();
      else registered.reject(new Error(state.reason));
    });
    edge.endpoint.registrations.register(providerAccount('alice', kamailio.realm, { proxy: kamailio.uri }));
    await registered.promise;
  });

  after(() => kamailio.stop());

  it('linphonec: both ways, with the digest that the provider asks for, and with its receipt', async () => {
    const identity = 'sip:bob@provider.test';
    const bob = await ChattingLinphone.start({ identity, proxy: kamailio.uri, password: kamailio.password('bob') });
    await kamailio.says(/registered bob/);
    const sent = await edge.send('bob@provider.test', 'by the provider', { from: { aor: alice }, id: 'with-receipt' });
    assert.equal(sent.code, 200);
    await bob.says(/Message received from sip:alice@provider\.test: by the provider/);
    bob.chat('sip:alice@provider.test', 'and back');
    const [message, receipt] = [await pageThat((page) => 'content' in page.body), await pageThat(isReceipt)];
    assert.deepEqual([message.account?.aor, message.from.uri], [alice, 'bob@provider.test']);
    assert.equal('content' in message.body && message.body.content, 'and back');
    assert.deepEqual(receipt.body, { kind: 'disposition', message: 'with-receipt', state: 'delivered' });
    await bob.stop();
  });

  it('baresip: both ways', async () => {
    const bob = await Baresip.start({
      user: 'carol',
      registers: { aor: 'carol@provider.test', everySec: 600 },
      account: `auth_user=carol;auth_pass=${kamailio.password('carol')};outbound="${kamailio.uri}"`,
      contact: 'sip:alice@provider.test',
      isTraced: true,
    });
    await kamailio.says(/registered carol/);
    assert.equal((await edge.send('carol@provider.test', 'to a phone', { from: { aor: alice } })).code, 200);
    await bob.process.says(/to a phone/);
    bob.command('message', 'from a phone');
    const message = await edge.message();
    assert.deepEqual(
      [message.content, message.account?.aor, message.from.uri],
      ['from a phone', alice, 'carol@provider.test'],
    );
    await bob.stop();
  });

  it('nobody there is 404, in the words of the provider', async () => {
    const outcome = await edge.send('dave@provider.test', 'anybody?', { from: { aor: alice } });
    assert.deepEqual(outcome, { code: 404, reason: 'Not Found' });
  });
});
