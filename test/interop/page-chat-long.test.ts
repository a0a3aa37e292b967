import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePerson } from '../peers/page-person.ts';

const count = 10_000;

/** Runs in the page: what the browser would have kept of a conversation of years, in its own database. */
async function keepHistory(own: string, howMany: number): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('sylk-chat', 1);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const transaction = database.transaction(['messages', 'contacts'], 'readwrite');
  const contact = 'bob@example.org';
  transaction
    .objectStore('contacts')
    .put({ account: own, contact, uri: contact, displayName: 'Bob', isAccepted: true });
  const messages = transaction.objectStore('messages');
  for (let number = 0; number < howMany; number += 1) {
    const id = `m-${number}`;
    const words = 'so many words as somebody has to say '.repeat(number % 7);
    messages.put({
      account: own,
      key: `${contact} ${id}`,
      id,
      contact,
      direction: number % 3 === 0 ? 'outgoing' : 'incoming',
      content: `${number}: ${words}`,
      contentType: 'text/plain',
      at: 1_700_000_000_000 + number * 600_000,
      state: number % 3 === 0 ? 'displayed' : 'received',
      isUnread: false,
      wantsReceipt: false,
    });
  }
  await new Promise<void>((resolve) => {
    transaction.oncomplete = () => resolve();
  });
  database.close();
}

interface Step {
  /** Numbers of the first and last message that is drawn, and how many are. */
  readonly first: number;
  readonly last: number;
  readonly drawn: number;
  /** How far what was in sight is from where the scrolling should have brought it, px. */
  readonly jump: number;
  readonly isAtTop: boolean;
}

/** Runs in the page: scrolls up so far, and says what became of what was in sight. */
async function scrollUp(distance: number): Promise<Step> {
  const root = document.querySelector('sylk-phone')?.shadowRoot;
  const log = root?.querySelector<HTMLElement>('.log');
  if (!log) throw new Error('no conversation is open');
  const rows = () => [...log.querySelectorAll<HTMLElement>('.message .bubble')];
  const frame = log.getBoundingClientRect();
  const mark = rows().find((row) => row.getBoundingClientRect().bottom > frame.top);
  const before = mark?.getBoundingClientRect().top ?? 0;
  const moved = Math.min(distance, log.scrollTop);
  log.scrollTop -= moved;
  for (let frames = 0; frames < 2; frames += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  const numbers = [...log.querySelectorAll<HTMLElement>('.message')].map((row) =>
    Number(row.dataset.key?.split('-')[1]),
  );
  const isWhole = numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1);
  if (!isWhole) throw new Error('messages are missing, or out of order');
  return {
    first: numbers[0] ?? -1,
    last: numbers.at(-1) ?? -1,
    drawn: numbers.length,
    jump: Math.abs((mark?.getBoundingClientRect().top ?? 0) - before - moved),
    isAtTop: log.scrollTop === 0,
  };
}

describe('a conversation of ten thousand messages', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let person: PagePerson;
  before(async () => {
    [gateway, browser] = await Promise.all([startGateway(), startChromium()]);
    person = await PagePerson.open(browser, `${gateway.origin}/`);
    await person.press('get-temporary');
    await person.reads('@sylk.test');
    const own = Object(await person.snapshot()).own?.address;
    assert.equal(typeof own, 'string');
    await person.page.evaluate(keepHistory, String(own), count);
    await person.page.reload();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  it('opens with its newest page, and draws little more than that', async () => {
    await person.press('open-chat');
    await person.press('conversation');
    await person.page.waitForFunction(
      (last) =>
        document.querySelector('sylk-phone')?.shadowRoot?.querySelector('.log')?.textContent?.includes(`${last}:`),
      { polling: 20, timeout: 10_000 },
      count - 1,
    );
    const step = await person.page.evaluate(scrollUp, 0);
    assert.equal(step.last, count - 1);
    assert.ok(step.drawn <= 100, `${step.drawn} messages are drawn`);
    const gap = await person.page.evaluate(() => {
      const log = document.querySelector('sylk-phone')?.shadowRoot?.querySelector('.log');
      return log ? log.scrollHeight - log.scrollTop - log.clientHeight : -1;
    });
    assert.ok(gap >= 0 && gap < 2, `the newest message is ${gap} px below`);
  });

  it('scrolls back to the first one without gaps or jumps', async () => {
    let steps = 0;
    for (let isAtTop = false; !isAtTop; steps += 1) {
      const step = await person.page.evaluate(scrollUp, 8_000);
      assert.ok(step.jump < 2, `at message ${step.first} the page jumped by ${step.jump} px`);
      assert.equal(step.last, count - 1);
      isAtTop = step.isAtTop && step.first === 0;
      assert.ok(steps < 1_000, 'the first message never came');
    }
    assert.ok(steps > 25);
  });

  it('what is written is there after a reload, whatever has become of it', async () => {
    await person.fill('message-field', 'kept in this browser');
    await person.page.keyboard.press('Enter');
    await person.reads('kept in this browser');
    await person.page.reload();
    await person.press('open-chat');
    await person.press('conversation');
    await person.reads('kept in this browser');
  });
});
