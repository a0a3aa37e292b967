import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordChanges } from './records.mjs';

const values = (/** @type {readonly string[]} */ hosts) =>
  recordChanges({ domain: 'example.org', sipPort: 5060, hosts }).map(({ ResourceRecordSet }) => ({
    name: ResourceRecordSet.Name,
    values: ResourceRecordSet.ResourceRecords.map(({ Value }) => Value),
  }));

test('each edge is named for UDP and for TCP, all with the same weight', () => {
  const edges = ['10 10 5060 a.example.net.', '10 10 5060 b.example.net.'];
  assert.deepEqual(values(['b.example.net', 'a.example.net']), [
    { name: '_sip._udp.example.org.', values: edges },
    { name: '_sip._tcp.example.org.', values: edges },
  ]);
});

test('without an edge the records say that there is no such service', () => {
  for (const { values: found } of values([])) assert.deepEqual(found, ['0 0 0 .']);
});
