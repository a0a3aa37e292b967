import { cpus } from 'node:os';

/** One figure of one contestant in one round; several of the same name are summed up by their median. */
export interface Measured {
  readonly who: string;
  readonly what: string;
  readonly value: number;
}

/** The table of docs/benchmarks.md: medians with spread, and the ratio of the first contestant to each other one. */
export function report(measured: readonly Measured[]): string {
  const who = [...new Set(measured.map((row) => row.who))];
  const what = [...new Set(measured.map((row) => row.what))];
  const [own = '', ...others] = who;
  const values = (name: string, row: string) =>
    measured.filter((each) => each.who === name && each.what === row).map(({ value }) => value);
  const lines = what.map((row) => [
    row,
    ...who.map((name) => spread(values(name, row))),
    ...others.map((name) => ratio(values(own, row), values(name, row))),
  ]);
  const head = ['', ...who, ...others.map((name) => `to ${name}`)];
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`. All contestants ran in turns in one run on one machine, with the same load generator: DTLS-SRTP',
    'clients on one side, phones that answer at once and send the sound back on the other. Medians, with the middle half in brackets;',
    'CPU and memory are those of all processes of the gateway.',
    '',
    `Machine: ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}.`,
    '',
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---').join('|')}|`,
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ].join('\n');
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return '';
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share).toFixed(2));
  return values.length === 1 ? `${middle}` : `${middle} (${low}-${high})`;
}

function ratio(own: readonly number[], other: readonly number[]): string {
  if (own.length === 0 || other.length === 0 || quantile(other, 0.5) === 0) return '';
  return (quantile(own, 0.5) / quantile(other, 0.5)).toFixed(2);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
