import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type PhoneStatesHost, startPhoneStates } from '../peers/phone-states-host.ts';

/** What strangers send as HTML: each would run, fetch or cover something if it were shown as it is. */
const attacks: readonly string[] = [
  '<script>window.wasHit = 1</script>',
  '<img src=x onerror="window.wasHit = 1">',
  '<svg onload="window.wasHit = 1"><script>window.wasHit = 1</script></svg>',
  '<a href="javascript:window.wasHit=1" onclick="window.wasHit=1">press</a>',
  '<a href=" java&#10;script:window.wasHit=1">press</a>',
  '<iframe srcdoc="<script>parent.wasHit = 1</script>"></iframe>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.wasHit=1&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=window.wasHit=1>"></noscript>',
  '<form action="https://evil.example"><input name=password><button>ok</button></form>',
  '<style>* { display: none }</style><p style="position:fixed;inset:0;background:red">over</p>',
  '<base href="https://evil.example/"><link rel=stylesheet href="https://evil.example/a.css">',
  '<template><script>window.wasHit = 1</script></template><p is="x-y" contenteditable tabindex=1 id=sylk-doubt part=send-message>p</p>',
  `${'<b>'.repeat(2_000)}deep`,
];

/** Runs in the page: puts a message with this content into the conversation that is open. */
function receive(content: string, contentType: string): void {
  const { store } = window.phoneStates;
  const thread = store?.snapshot.chat.thread;
  const [pattern] = thread?.messages ?? [];
  if (store === undefined || thread === undefined || pattern === undefined) throw new Error('no conversation is open');
  const id = `new-${thread.messages.length}`;
  const message = { ...pattern, key: id, id, content, contentType, at: Date.now(), direction: 'incoming' as const };
  const chat = { ...store.snapshot.chat, thread: { ...thread, messages: [...thread.messages, message] } };
  store.show({ ...store.snapshot, chat });
}

/** Runs in the page: what the last message of the conversation is made of. */
function lastMessage(): { tags: string[]; attributes: string[]; text: string; isOver: boolean } {
  const root = document.querySelector('sylk-phone')?.shadowRoot;
  const text = [...(root?.querySelectorAll('.bubble .text') ?? [])].at(-1);
  const inside = [...(text?.querySelectorAll('*') ?? [])];
  const frame = root?.querySelector('sylk-message-log')?.getBoundingClientRect();
  const isOver = inside.some((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return frame !== undefined && bottom > frame.bottom + 1 && top < frame.top;
  });
  return {
    tags: [...new Set(inside.map(({ localName }) => localName))],
    attributes: [...new Set(inside.flatMap((element) => element.getAttributeNames()))],
    text: text?.textContent?.trim() ?? '',
    isOver,
  };
}

describe('a conversation on the page', () => {
  let host: PhoneStatesHost;
  before(async () => {
    host = await startPhoneStates(8615);
  });
  beforeEach(() => host.look({ width: 390, height: 844, scheme: 'light' }));
  after(() => host.close());

  const asked = async (action: string) => {
    const all = await host.page.evaluate(() => window.phoneStates.store?.asked ?? []);
    return all.filter((one) => one.action === action).map(({ args }) => args);
  };
  const drawn = () => host.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 30)));
  const focusOn = (selector: string) =>
    host.page.evaluate((wanted) => {
      document.querySelector('sylk-phone')?.shadowRoot?.querySelector<HTMLElement>(wanted)?.focus();
    }, selector);
  const focusedPart = () =>
    host.page.evaluate(() => document.querySelector('sylk-phone')?.shadowRoot?.activeElement?.getAttribute('part'));
  const press = async (...keys: readonly Parameters<PhoneStatesHost['page']['keyboard']['press']>[0][]) => {
    for (const key of keys) await host.page.keyboard.press(key);
    await drawn();
  };

  for (const [index, attack] of attacks.entries()) {
    it(`HTML of a stranger does no harm: ${index + 1}`, async () => {
      await host.show('chat-thread');
      await host.page.evaluate(receive, attack, 'text/html');
      await drawn();
      const { tags, attributes, isOver } = await host.page.evaluate(lastMessage);
      const known = ['a', 'b', 'p', 'div', 'table', 'tbody', 'tr', 'td'];
      assert.deepEqual(
        tags.filter((tag) => !known.includes(tag)),
        [],
      );
      assert.deepEqual(
        attributes.filter((name) => !['href', 'target', 'rel'].includes(name)),
        [],
      );
      assert.equal(isOver, false);
      const links = await host.page.evaluate(() =>
        [
          ...(document
            .querySelector('sylk-phone')
            ?.shadowRoot?.querySelectorAll<HTMLAnchorElement>('.bubble a[href]') ?? []),
        ].map(({ protocol }) => protocol),
      );
      assert.deepEqual(
        links.filter((protocol) => !/^(https?|mailto):$/.test(protocol)),
        [],
      );
      assert.equal(await host.page.evaluate(() => 'wasHit' in window), false);
    });
  }

  it('what is harmless in HTML stays: words, lists and links that open elsewhere', async () => {
    await host.show('chat-thread');
    const html = '<p>Hi <b>Bob</b></p><ul><li>one</li></ul><a href="https://example.org/a" onclick="x()">there</a>';
    await host.page.evaluate(receive, html, 'text/html');
    await drawn();
    const { tags, attributes, text } = await host.page.evaluate(lastMessage);
    assert.deepEqual(tags.sort(), ['a', 'b', 'div', 'li', 'p', 'ul']);
    assert.deepEqual(attributes.sort(), ['href', 'rel', 'target']);
    assert.match(text, /Hi Bob.*one.*there/s);
  });

  it('plain text that looks like HTML is shown as it was written', async () => {
    await host.show('chat-thread');
    await host.page.evaluate(receive, '<b>not bold</b> & <script>x</script>', 'text/plain');
    await drawn();
    const { tags, text } = await host.page.evaluate(lastMessage);
    assert.deepEqual(tags, []);
    assert.equal(text, '<b>not bold</b> & <script>x</script>');
  });

  it('what says to be a picture and is none, or runs, is not drawn', async () => {
    await host.show('chat-thread');
    await host.page.evaluate(receive, '"><script>window.wasHit = 1</script>', 'image/png');
    await drawn();
    const pictures = await host.page.evaluate(
      () => document.querySelector('sylk-phone')?.shadowRoot?.querySelectorAll('.bubble img').length,
    );
    assert.equal(pictures, 0);
  });

  it('a message is written, with a line break, and sent with Enter', async () => {
    await host.show('chat-typing');
    await focusOn('textarea');
    await host.page.keyboard.type('one');
    await host.page.keyboard.down('Shift');
    await press('Enter');
    await host.page.keyboard.up('Shift');
    await host.page.keyboard.type('two');
    await press('Enter');
    assert.deepEqual(
      (await asked('sendMessage')).map(([, text]) => text),
      ['one\ntwo'],
    );
    assert.equal(await focusedPart(), 'message-field');
    await press('Enter');
    assert.equal((await asked('sendMessage')).length, 1);
  });

  it('what was typed stays with its conversation while others are looked at, or none', async () => {
    await host.show('chat-typing');
    await focusOn('textarea');
    await host.page.keyboard.type('not sent yet');
    const draft = () =>
      host.page.evaluate(() => document.querySelector('sylk-phone')?.shadowRoot?.querySelector('textarea')?.value);
    const bob = await host.page.evaluate(() => window.phoneStates.store?.snapshot.chat.conversations[0]?.id ?? '');
    const mary = await host.page.evaluate(() => window.phoneStates.store?.snapshot.chat.conversations[2]?.id ?? '');
    await host.page.evaluate((id) => window.phoneStates.store?.chats.openConversation(id), bob);
    await drawn();
    assert.equal(await draft(), '');
    await host.page.evaluate((id) => window.phoneStates.store?.chats.openConversation(id), mary);
    await drawn();
    assert.equal(await draft(), 'not sent yet');
    await host.page.evaluate(() => window.phoneStates.store?.chats.closeConversation());
    await drawn();
    await host.page.evaluate((id) => window.phoneStates.store?.chats.openConversation(id), mary);
    await drawn();
    assert.equal(await draft(), 'not sent yet');
  });

  it('the arrows reach the actions of each message; removing one is asked twice, and Escape keeps it', async () => {
    await host.show('chat-typing');
    await focusOn('.log');
    await press('ArrowUp', 'ArrowUp');
    assert.equal(await focusedPart(), 'message-actions');
    await press('Enter', 'Tab', 'Tab', 'Enter');
    assert.equal(await focusedPart(), 'keep');
    await press('Escape');
    assert.deepEqual(await asked('removeMessage'), []);
    await focusOn('.log');
    await press('ArrowUp', 'Enter', 'Tab', 'Tab', 'Enter', 'Tab', 'Enter');
    assert.deepEqual(
      (await asked('removeMessage')).map(([, message]) => message),
      ['m-1'],
    );
  });

  it('what is in sight is told as seen, what is behind the list is not', async () => {
    await host.show('chat-list');
    await drawn();
    assert.deepEqual(await asked('seen'), []);
    await host.show('chat-thread');
    await drawn();
    assert.ok((await asked('seen')).length > 0);
  });

  it('the search finds words and people, and begins with somebody new', async () => {
    await host.show('chat-list');
    await focusOn('[part="chat-search"]');
    await host.page.keyboard.type('plans');
    await drawn();
    const parts = () =>
      host.page.evaluate(() =>
        [...(document.querySelector('sylk-phone')?.shadowRoot?.querySelectorAll('.rows .pick') ?? [])].map((row) =>
          row.getAttribute('part'),
        ),
      );
    assert.deepEqual(await parts(), ['found-message']);
    await host.page.evaluate(() => {
      const field = document
        .querySelector('sylk-phone')
        ?.shadowRoot?.querySelector<HTMLInputElement>('[part=chat-search]');
      field?.select();
    });
    await host.page.keyboard.type('dan@elsewhere.example');
    await drawn();
    assert.deepEqual(await parts(), ['new-conversation']);
    await press('Enter');
    assert.deepEqual(await asked('openChat'), [['dan@elsewhere.example']]);
  });

  it('the browser had nothing to complain about but what it kept strangers from', () => {
    // Said while their HTML is read, before anything of it is taken over.
    const kept = /^(Executing inline event handler|Applying inline style) violates .* The action has been blocked\.$/s;
    assert.deepEqual(
      host.complaints.filter((complaint) => !kept.test(complaint)),
      [],
    );
  });
});
