import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Codec } from '../../call/media.ts';
import { NoCommonCodec } from '../../sdp/sdp-error.ts';
import { isSameSettled, settleCodec } from './settled-codec.ts';

const audio = (name: string, payloadType: number, clockRate = 8000): Codec => ({
  mimeType: `audio/${name}`,
  clockRate,
  payloadType,
  parameters: {},
});
const offered = [audio('opus', 111, 48_000), audio('PCMU', 0), audio('PCMA', 8), audio('telephone-event', 126)];

test('the first codec of the answer counts, with the events under its number', () => {
  const settled = settleCodec([audio('PCMA', 8), audio('PCMU', 0), audio('telephone-event', 101)], offered);
  assert.deepEqual([settled.codec.mimeType, settled.dtmf?.payloadType], ['audio/PCMA', 101]);
});

test('the codec in use stays, if the answer still has it', () => {
  const answer = [audio('PCMA', 8), audio('PCMU', 0)];
  assert.equal(settleCodec(answer, offered, audio('PCMU', 0)).codec.mimeType, 'audio/PCMU');
  assert.throws(() => settleCodec([audio('PCMA', 8)], offered, audio('PCMU', 0)), NoCommonCodec);
});

test('what was not offered is no answer', () => {
  assert.throws(() => settleCodec([audio('G729', 18), audio('telephone-event', 101)], offered), NoCommonCodec);
});

test('other numbers are other packets', () => {
  const one = settleCodec([audio('opus', 111, 48_000)], offered);
  assert.equal(isSameSettled(one, settleCodec([audio('opus', 111, 48_000)], offered)), true);
  assert.equal(isSameSettled(one, settleCodec([audio('opus', 96, 48_000)], offered)), false);
});
