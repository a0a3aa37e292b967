import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { edgeMetrics, signalingMetrics } from './logged-metrics.ts';

const checkout = join(import.meta.dirname, '../..');

const codeIn = (folder: string): string =>
  readdirSync(join(checkout, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(checkout, folder, name), 'utf8'))
    .join('\n');

const sources = [
  { code: codeIn('media-edge/src'), metrics: edgeMetrics },
  { code: codeIn('functions/src'), metrics: signalingMetrics },
];

for (const { code, metrics } of sources) {
  for (const { metricName, pattern } of Object.values(metrics)) {
    const text = /\$\.msg = "([^"]+)"/.exec(pattern)?.[1];
    if (text === undefined) continue;
    test(`${metricName} is read off a line that somebody writes: '${text}'`, () => {
      assert(code.includes(`'${text}'`));
    });
  }
}
