import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOnlyEmoji } from './emoji.ts';
import { linkedParts } from './linked-text.ts';

const links = (text: string) => linkedParts(text).flatMap(({ href }) => href ?? []);

test('web addresses become links, whatever stands around them', () => {
  assert.deepEqual(links('See https://example.org/a?b=c#d, or http://example.net.'), [
    'https://example.org/a?b=c#d',
    'http://example.net/',
  ]);
  assert.deepEqual(links('(https://example.org/wiki/Moon_(satellite))'), ['https://example.org/wiki/Moon_(satellite)']);
  assert.deepEqual(links('«https://example.org/ä»'), ['https://example.org/%C3%A4']);
});

test('what only looks like one stays text, and no text is lost', () => {
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,<script>',
    'https://',
    'https://bank.example@evil.example/',
    'example.org',
    '',
  ])
    assert.deepEqual(links(text), [], text);
  for (const text of ['a https://example.org b', 'https://x@y https://example.org/(', '<https://example.org>'])
    assert.equal(
      linkedParts(text)
        .map((part) => part.text)
        .join(''),
      text,
    );
});

test('a message of nothing but a few emoji is known', () => {
  for (const text of ['👍', '👩‍👩‍👧 ❤️', '🇳🇱']) assert.equal(isOnlyEmoji(text), true, text);
  for (const text of ['', '1', '👍 ok', '👍👍👍👍']) assert.equal(isOnlyEmoji(text), false, text);
});
