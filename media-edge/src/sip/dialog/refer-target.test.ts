import assert from 'node:assert/strict';
import { test } from 'node:test';
import { legId } from '@sylk/protocol/ids.ts';
import { q850Of, wordsOfQ850 } from '../headers/q850.ts';
import { parseReferTo } from './refer-target.ts';
import { legWith, parseReplaces } from './replaces.ts';

test('Refer-To names an address, in brackets or without', () => {
  assert.deepEqual(parseReferTo('<sip:carol@example.org;transport=tcp>'), {
    uri: 'carol@example.org;transport=tcp',
    host: 'example.org',
  });
  assert.equal(parseReferTo('sip:carol@example.org;x=1')?.uri, 'carol@example.org');
  assert.equal(parseReferTo('"Carol" <sips:carol@example.org;method=INVITE>')?.uri, 'carol@example.org');
});

test('Refer-To may name the call to replace', () => {
  const { replaces } =
    parseReferTo('<sip:c@example.org?a=b&Replaces=12%40h%3Bfrom-tag%3Df%3Bto-tag%3Dt%3Bearly-only>') ?? {};
  assert.deepEqual(replaces, { callId: '12@h', toTag: 't', fromTag: 'f', isEarlyOnly: true });
});

test('what is nobody to call is refused', () => {
  const wrong = ['', '<>', '<tel:+431>', '<http://a.example/>', '<sip:c@example.org;method=BYE>', '<sip:>'];
  for (const value of [...wrong, '<sip:c@example.org?Replaces=%zz>', '<sip:c@example.org?Replaces=1>'])
    assert.equal(parseReferTo(value), undefined, value);
});

test('Replaces needs a Call-ID and both tags, and finds only what is answered', () => {
  for (const text of ['', '1', '1;to-tag=2', ';to-tag=1;from-tag=2']) assert.equal(parseReplaces(text), undefined);
  const dialogs = new Map([['1ab', { legId: legId('leg') }]]);
  const replaces = { callId: '1', toTag: 'a', fromTag: 'b', isEarlyOnly: false };
  assert.equal(legWith(replaces, dialogs), 'leg');
  assert.equal(legWith({ ...replaces, isEarlyOnly: true }, dialogs), undefined);
  assert.equal(legWith({ ...replaces, fromTag: 'c' }, dialogs), undefined);
});

test('causes of the telephone network, both ways', () => {
  assert.deepEqual([17, 16, 999].map(wordsOfQ850), ['user busy', 'normal call clearing', undefined]);
  assert.deepEqual([486, 603, 404, 487, 600, 499, 599].map(q850Of), [17, 21, 1, 16, 17, 31, 41]);
});
