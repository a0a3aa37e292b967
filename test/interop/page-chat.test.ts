import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePerson } from '../peers/page-person.ts';

describe('people write to each other', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  before(async () => {
    [gateway, browser] = await Promise.all([startGateway(), startChromium()]);
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  const writes = async (person: PagePerson, text: string): Promise<void> => {
    await person.fill('message-field', text);
    await person.press('send-message');
  };

  it('a stranger asks, is accepted and answered; what was said is there again after a reload', async () => {
    const [alice, bob] = [
      await PagePerson.open(browser, gateway.origin),
      await PagePerson.open(browser, gateway.origin),
    ];
    const [, bobs] = [await alice.getAddress(), await bob.getAddress()];
    await alice.type(bobs);
    await alice.press('write-message');
    await writes(alice, 'Are you there, Bob?');
    await bob.press('open-chat');
    await bob.press('conversation');
    await bob.reads('Are you there, Bob?');
    await bob.press('accept-request');
    await writes(bob, 'Right here.');
    await alice.reads('Right here.');
    await writes(alice, 'Good.');
    await bob.reads('Good.');
    await alice.page.waitForFunction(
      () => document.querySelector('sylk-phone')?.store?.snapshot.chat.thread?.messages.at(-1)?.state === 'displayed',
    );

    await alice.fill('message-field', 'Well');
    await bob.reads('is writing…');
    await alice.press('send-message');
    await bob.reads('Well');
    await bob.page.waitForFunction(() => !document.querySelector('sylk-phone')?.store?.snapshot.chat.thread?.isTyping);

    await alice.page.reload();
    await alice.press('open-chat');
    await alice.press('conversation');
    await alice.reads('Right here.');
    const said = (await alice.snapshot()).chat.thread?.messages.map(({ content }) => content);
    assert.deepEqual(said, ['Are you there, Bob?', 'Right here.', 'Good.', 'Well']);
  });

  it('a phone and a page, both ways', async () => {
    const alice = await PagePerson.open(browser, gateway.origin);
    const [user] = (await alice.getAddress()).split('@');
    const phone = await Baresip.start({
      registers: { aor: 'bob@phones.example', everySec: 0 },
      contact: `sip:${user}@127.0.0.1:${gateway.sipPort}`,
      isTraced: true,
    });
    try {
      await alice.type(phone.uri);
      await alice.press('write-message');
      await writes(alice, 'Good morning from a page');
      await phone.process.says(/Good morning from a page/);
      phone.command('message', 'Good morning from a phone');
      await alice.press('chat-back');
      await alice.reads('Good morning from a phone');
    } finally {
      await phone.stop();
    }
  });
});
