import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionPlaces } from './connection-places.ts';

const never = () => assert.fail('evicted');
const limits = { all: 5, perSource: 3, unproven: 4, unprovenPerSource: 2 };

test('a source has so many places, and fewer while it has not spoken', () => {
  const places = new ConnectionPlaces(limits);
  const first = places.take('192.0.2.1', never);
  places.take('192.0.2.1', never);
  assert.equal(places.take('192.0.2.1', never), undefined);
  first?.prove();
  assert.notEqual(places.take('192.0.2.1', never), undefined);
  assert.equal(places.take('192.0.2.1', never), undefined);
  assert.equal(places.size, 3);
});

test('a place that is left is free again, once', () => {
  const places = new ConnectionPlaces(limits);
  const place = places.take('192.0.2.1', never);
  place?.leave();
  place?.leave();
  place?.prove();
  assert.equal(places.size, 0);
  for (const last of [1, 2, 3, 4]) assert.notEqual(places.take(`192.0.2.${last}`, never), undefined);
});

test('a /64 of IPv6 is one source', () => {
  const places = new ConnectionPlaces(limits);
  places.take('2001:db8::1', never);
  places.take('2001:db8::2', never);
  assert.equal(places.take('2001:db8::3', never), undefined);
  assert.notEqual(places.take('2001:db8:0:1::3', never), undefined);
});

test('the silent make room for newcomers, the oldest first, and those that spoke stay', () => {
  const places = new ConnectionPlaces(limits);
  const evicted: number[] = [];
  const taken = [1, 2, 3, 4].map((last) => places.take(`192.0.2.${last}`, () => evicted.push(last)));
  taken[0]?.prove();
  places.take('192.0.2.5', never);
  assert.deepEqual(evicted, []);
  assert.equal(places.take('192.0.2.6', never), undefined, 'there are five in all');
  taken[1]?.leave();
  places.take('192.0.2.7', never);
  assert.deepEqual([evicted, places.size], [[], 5]);
  taken[0]?.leave();
  places.take('192.0.2.8', never);
  assert.deepEqual([evicted, places.size], [[3], 4]);
});
