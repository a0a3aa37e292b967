import { cpus } from 'node:os';

/** One figure of one contestant in one round; several of the same name are summed up by their median. */
export interface Measured {
  readonly who: string;
  readonly what: string;
  readonly value: number;
}

/** The table of docs/benchmarks.md: medians with spread, and the ratio of the first contestant to each other one. */
export function report(measured: readonly Measured[]): string {
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`. All contestants ran in turns in one run on one machine, with the same load generator: DTLS-SRTP',
    'clients on one side, phones that answer at once and send the sound back on the other. Medians, with the middle half in brackets;',
    'CPU and memory are those of all processes of the gateway.',
    '',
    machine(),
    '',
    ...table(measured),
    '',
  ].join('\n');
}

const messagesTitle = '## Messages';

/** The section about texts between accounts. @param seconds how long they wrote to each other at ours */
export function messagesReport(measured: readonly Measured[], accounts: number, seconds: number): string {
  return [
    messagesTitle,
    '',
    `${accounts} accounts are signed in by a WebSocket each, and write 100 texts a second to each other for ${seconds} s.`,
    'CPU and memory are those of signaling, which stores each text in both histories before it acknowledges it. The bare loop',
    'looks up a socket and passes the text on, for 30 s at most: it has no accounts, keeps nothing, and so is what the machine',
    'and the load generator take by themselves.',
    '',
    machine(),
    '',
    ...table(measured),
    '',
    '',
  ].join('\n');
}

/** @returns `text` with this section about texts instead of its own, else before its first section */
export function withMessages(text: string, section: string): string {
  const sections = text.split(/^(?=## )/m).filter((part) => !part.startsWith(messagesTitle));
  const [head = '', ...rest] = sections;
  return [head, section, ...rest].join('');
}

/** The section about texts as it stands in `text`; empty when there is none. */
export const messagesIn = (text: string): string =>
  text.split(/^(?=## )/m).find((part) => part.startsWith(messagesTitle)) ?? '';

const machine = (): string =>
  `Machine: ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}.`;

function table(measured: readonly Measured[]): string[] {
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
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---').join('|')}|`,
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
  ];
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
