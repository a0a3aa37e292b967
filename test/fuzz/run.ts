/**
 * `npm run fuzz -- --seconds N [--target NAME] [--seed N] [--keep]`: feeds what strangers may send to the code that reads
 * it, changed a little each time, and keeps what reaches new parts of it. Ends with 1 when something was found.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keepInputs, nameOf } from './engine/corpus.ts';
import type { Finding } from './engine/finding.ts';
import { type FuzzReport, fuzz } from './engine/fuzzer.ts';
import { targetNames } from './targets.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    target: { type: 'string', multiple: true, default: [...targetNames] },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    keep: { type: 'boolean', default: false },
  },
});
const corpus = join(import.meta.dirname, 'corpus');
const output = join(import.meta.dirname, '../out/fuzz');
/** Of inputs that are kept: the smaller ones say as much. */
const maxKeptBytes = 1_500;

process.stdout.write(`seed ${values.seed}, targets ${values.target.join(', ')}\n`);
const report = await fuzz({
  targets: values.target,
  seconds: Number(values.seconds),
  seed: Number(values.seed),
  corpus,
  onFinding: keepFinding,
  onProgress: (soFar) => process.stdout.write(`${summaryOf(soFar)}\n`),
});
for (const { name, executions, inputs, covered } of report.targets)
  process.stdout.write(
    `${name}: ${executions} executions, ${inputs} inputs, ${covered} characters of source covered\n`,
  );
process.stdout.write(`${summaryOf(report)}\n`);
if (values.keep)
  for (const [target, inputs] of report.inputs)
    keepInputs(
      corpus,
      target,
      inputs.filter((input) => input.length <= maxKeptBytes),
    );
process.exitCode = report.findings.length > 0 ? 1 : 0;

function summaryOf({ executions, seconds, findings }: FuzzReport): string {
  const rate = Math.round(executions / seconds);
  return `${Math.round(seconds)} s: ${executions} executions, ${rate} executions per second, ${findings.length} findings`;
}

function keepFinding({ target, kind, reason, input }: Finding): void {
  mkdirSync(output, { recursive: true });
  const file = join(output, `${target}-${kind}-${nameOf(input)}`);
  writeFileSync(file, input);
  process.stdout.write(`FOUND in ${target}: ${kind}: ${reason}\n  ${input.length} bytes in ${file}\n`);
}
