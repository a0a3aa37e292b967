import type { CallLadder } from '@sylk/protocol/edge/commands.ts';

/** A ladder as people read it: a line an event, its details indented below. */
export const ladderText = ({ call, from, to, cause, entries }: CallLadder): string => {
  const head = [`${from} -> ${to}`, `call ${call}`, ...(cause === undefined ? [] : [`cause: ${cause}`]), ''];
  return `${[...head, ...entries.flatMap(entryLines)].join('\n')}\n`;
};

const entryLines = ({ at, from, to, label, detail }: CallLadder['entries'][number]): string[] => {
  const time = new Date(at).toISOString().slice(11, 23);
  const where = from === to ? from.padEnd(20) : `${from.padEnd(8)} -> ${to.padEnd(8)}`;
  const details = detail === undefined ? [] : detail.trimEnd().split(/\r?\n/);
  return [`${time}  ${where}  ${label}`, ...details.map((line) => `              ${line}`)];
};
