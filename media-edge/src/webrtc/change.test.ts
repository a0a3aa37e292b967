import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBrowserDescription } from '../sdp/browser-offer.ts';
import { changed, fixture } from '../sdp/fixtures.ts';
import { changeOf, isHeldBy, withoutHold } from './change.ts';

const read = (name: string) => readBrowserDescription(fixture(name));
const withDirection = (name: string, from: string, to: string) =>
  readBrowserDescription(changed(fixture(name), from, to));

const table: readonly (readonly [before: string, now: string, change: string])[] = [
  ['chromium-audio-offer', 'chromium-audio-offer', 'directions'],
  ['chromium-audio-offer', 'chromium-hold-offer', 'directions'],
  ['chromium-audio-offer', 'chromium-restart-offer', 'directions'],
  ['chromium-audio-offer', 'chromium-add-video-offer', 'media'],
  ['chromium-av-offer', 'chromium-remove-video-offer', 'media'],
  ['chromium-av-offer', 'chromium-stop-video-offer', 'media'],
  ['firefox-audio-offer', 'firefox-hold-offer', 'directions'],
  ['firefox-audio-offer', 'firefox-add-video-offer', 'media'],
  ['firefox-av-offer', 'firefox-stop-video-offer', 'media'],
];
for (const [before, now, change] of table) {
  test(`${before} -> ${now} is a change of ${change}`, () => assert.equal(changeOf(read(before), read(now)), change));
}

test('a hold of sound and picture together is no change of media', () => {
  const held = readBrowserDescription(fixture('chromium-av-offer').replaceAll('a=sendrecv', 'a=inactive'));
  assert.equal(changeOf(read('chromium-av-offer'), held), 'directions');
  assert.equal(isHeldBy(held), true);
});

test('who does not want to hear holds; who only does not speak does not', () => {
  assert.equal(isHeldBy(withDirection('chromium-audio-offer', 'a=sendrecv', 'a=sendonly')), true);
  assert.equal(isHeldBy(withDirection('chromium-audio-offer', 'a=sendrecv', 'a=recvonly')), false);
});

test('what is told to the far side is as if nobody held, so that it does not stop for good', () => {
  const held = withDirection('chromium-audio-offer', 'a=sendrecv', 'a=inactive');
  assert.equal(withoutHold(held).lines[0]?.direction, 'sendrecv');
  const listener = withDirection('chromium-audio-offer', 'a=sendrecv', 'a=recvonly');
  assert.equal(withoutHold(listener).lines[0]?.direction, 'recvonly');
});
