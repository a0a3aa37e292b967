import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readComposing, writeComposing } from './composing.ts';

const document = (inner: string) =>
  `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "&b;&b;">]><isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing">${inner}</isComposing>`;

test('of a document about writing only state and refresh have an effect', () => {
  assert.deepEqual(readComposing(document('<state>active</state><refresh>90</refresh>')), {
    state: 'active',
    refresh: 90,
  });
  assert.deepEqual(readComposing(document('<im:state> idle </im:state>')), { state: 'idle', refresh: 120 });
  assert.equal(readComposing(document('<state>&a;</state>')), undefined);
  assert.equal(readComposing('<'.repeat(100_000)), undefined);
});

test('what is written is read again', () => {
  const composing = { state: 'active', refresh: 90 } as const;
  assert.deepEqual(readComposing(writeComposing(composing)), composing);
});
