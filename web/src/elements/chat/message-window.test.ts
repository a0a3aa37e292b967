import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, newestPage, olderPage, pageWith } from './message-window.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test('the newest page ends with the last message, and older pages leave nothing out', () => {
  for (const count of [0, 1, 49, 50, 51, 120, 10_000]) {
    const items = numbers(count);
    let window = newestPage(count);
    assert.ok(blocksOf(window, items).flatMap((block) => block.items).length <= 100);
    while (window.firstBlock > 0) {
      const before = blocksOf(window, items).flatMap((block) => block.items);
      window = olderPage(window);
      const now = blocksOf(window, items).flatMap((block) => block.items);
      assert.deepEqual(now.slice(-before.length), before);
    }
    assert.deepEqual(
      blocksOf(window, items).flatMap((block) => block.items),
      items,
    );
  }
});

test('a message that was found is drawn with what was said before it', () => {
  const window = pageWith(newestPage(10_000), 4_321);
  const drawn = blocksOf(window, numbers(10_000)).flatMap((block) => block.items);
  assert.ok(drawn.includes(4_321) && drawn.includes(4_280));
  assert.deepEqual(pageWith({ firstBlock: 0 }, 5), { firstBlock: 0 });
});
