import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleTemplates } from './fixtures.ts';

const { signaling } = exampleTemplates('large');

test('new connections and reports of edges have runs of their own, which requests of browsers cannot use up', () => {
  const kept = Object.values(signaling.findResources('AWS::Lambda::Function')).flatMap(({ Properties }) =>
    Properties.ReservedConcurrentExecutions === undefined
      ? []
      : [[Properties.Description, Properties.ReservedConcurrentExecutions]],
  );
  assert.deepEqual(Object.fromEntries(kept), {
    'Sylk gateway: takes in the connections of browsers': 400,
    'Sylk gateway: takes the reports of edges': 200,
  });
});
