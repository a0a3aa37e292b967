import type { CallLadder, MediaSample } from '@sylk/protocol/edge/commands.ts';

/** A ladder as people read it: a line an event, its details indented below, and what the media came to over time. */
export const ladderText = ({ call, from, to, cause, entries, media = [] }: CallLadder): string => {
  const head = [`${from} -> ${to}`, `call ${call}`, ...(cause === undefined ? [] : [`cause: ${cause}`]), ''];
  return `${[...head, ...entries.flatMap(entryLines), ...media.flatMap(mediaLines)].join('\n')}\n`;
};

const entryLines = ({ at, from, to, label, detail }: CallLadder['entries'][number]): string[] => {
  const where = from === to ? from.padEnd(20) : `${from.padEnd(8)} -> ${to.padEnd(8)}`;
  const details = detail === undefined ? [] : detail.trimEnd().split(/\r?\n/);
  return [`${timeOf(at)}  ${where}  ${label}`, ...details.map((line) => `              ${line}`)];
};

const mediaLines = ({ side, kind, samples }: NonNullable<CallLadder['media']>[number]): string[] => [
  '',
  `media of the ${side} (${kind}), until each time; "in" is what this side sent`,
  row('', ['in kbit/s', 'in lost', 'jitter ms', 'out kbit/s', 'out lost']),
  ...samples.map(sampleLine),
];

const sampleLine = ({ at, ms, bytesIn, bytesOut, packetsIn, packetsOut, ...rest }: MediaSample): string => {
  const { lostIn, lostOut, jitterMs } = rest;
  return row(timeOf(at), [
    kbps(bytesIn, ms),
    share(lostIn, packetsIn + lostIn),
    jitterMs === undefined ? '-' : jitterMs.toFixed(1),
    kbps(bytesOut, ms),
    lostOut === undefined ? '-' : share(lostOut, packetsOut),
  ]);
};

const row = (time: string, cells: readonly string[]): string =>
  [time.padEnd(12), ...cells.map((cell) => cell.padStart(10))].join('  ');

const timeOf = (at: number): string => new Date(at).toISOString().slice(11, 23);

const kbps = (bytes: number, ms: number): string => String(ms === 0 ? 0 : Math.round((bytes * 8) / ms));

const share = (lost: number, sent: number): string => `${sent === 0 ? 0 : ((100 * lost) / sent).toFixed(1)} %`;
