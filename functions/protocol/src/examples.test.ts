/** The examples are the documentation of the wire: each is a message, and each message has one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { type ExampleFolder, exampleNames, readExample } from '../examples/read-example.ts';
import { decodeRequest, decodeServerMessage, encode } from './codec.ts';
import * as edge from './edge/codec.ts';
import { edgeCommand } from './edge/commands.ts';
import { edgeReport, reportResults } from './edge/reports.ts';
import { isJsonObject } from './json.ts';
import { event } from './sylkrtc/events.ts';
import { requestModels } from './sylkrtc/request-models.ts';

/** `account-event.registration-state.failed`: every message of a union, by the fields that tell them apart. */
const namesOf = (schema: z.core.$ZodType, keys: readonly string[]): string[] => {
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.flatMap((option) => namesOf(option, keys));
  assert.ok(schema instanceof z.ZodObject);
  const tags = keys.map((key) => schema.shape[key]).filter((field) => field instanceof z.ZodLiteral);
  return [tags.map((tag) => String(tag.value)).join('.')];
};

const roundTrips: Record<ExampleFolder, (text: string) => string> = {
  requests: (text) => {
    const decoded = decodeRequest(text);
    assert.equal(decoded.kind, 'request', JSON.stringify(decoded));
    return decoded.kind === 'request' ? encode(decoded.request) : '';
  },
  replies: (text) => encode(decodeServerMessage(text)),
  events: (text) => encode(decodeServerMessage(text)),
  'edge/to-edge': (text) => edge.encode(edge.decodeToEdge(text)),
  'edge/from-edge': (text) => edge.encode(edge.decodeFromEdge(text)),
};

const folders = ['requests', 'replies', 'events', 'edge/to-edge', 'edge/from-edge'] as const;

for (const folder of folders) {
  for (const name of exampleNames(folder)) {
    test(`${folder}/${name} comes back from the codec as it was`, () => {
      const text = readExample(folder, name);
      assert.deepEqual(JSON.parse(roundTrips[folder](text)), JSON.parse(text));
    });
  }
}

test('every request has an example', () => {
  assert.deepEqual(exampleNames('requests'), [...requestModels.keys()].sort());
});

test('every event has an example', () => {
  assert.deepEqual(exampleNames('events'), namesOf(event, ['sylkrtc', 'event', 'state']).sort());
});

test('both replies have an example', () => {
  assert.deepEqual(exampleNames('replies'), ['ack', 'error']);
});

test('every frame for an edge has an example', () => {
  const answers = [...Object.keys(reportResults), 'refused'].map((kind) => `answer.${kind}`);
  assert.deepEqual(exampleNames('edge/to-edge'), [...namesOf(edgeCommand, ['kind']), ...answers].sort());
});

test('every frame from an edge has an example', () => {
  const done = ['done', 'done.list-calls', 'done.probe', 'done.refused'];
  assert.deepEqual(exampleNames('edge/from-edge'), [...namesOf(edgeReport, ['kind']), ...done].sort());
});

test('example answers are what their reports are answered with', () => {
  for (const { shape } of edgeReport.options) {
    const kind = shape.kind.value;
    const answer = JSON.parse(readExample('edge/to-edge', `answer.${kind}`));
    assert.deepEqual(edge.reportResult(kind, answer.result), answer.result);
  }
});

test('example results are what their commands are answered with', () => {
  const rows = JSON.parse(readExample('edge/from-edge', 'done.list-calls')).result;
  assert.deepEqual(edge.callRows(rows), rows);
  const outcome = JSON.parse(readExample('edge/from-edge', 'done.probe')).result;
  assert.deepEqual(edge.probeOutcome(outcome), outcome);
});

test('examples stay within one frame', () => {
  for (const folder of folders) {
    for (const name of exampleNames(folder)) {
      const message = JSON.parse(readExample(folder, name));
      assert.ok(isJsonObject(message) && JSON.stringify(message).length < 4096, `${folder}/${name}`);
    }
  }
});
