import type { CallStep } from '../../store/call-course.ts';

/** From left to right, as the picture of a gateway has them; others come after. */
const usual = ['browser', 'gateway', 'media', 'sip'];

/** Who takes part, each a lane of the diagram. */
export function lanesOf(steps: readonly CallStep[]): readonly string[] {
  const names = new Set(steps.flatMap(({ from, to }) => [from, to]));
  return [...usual.filter((name) => names.has(name)), ...[...names].filter((name) => !usual.includes(name))];
}

/** Where a step is drawn: lines of a grid with two columns a lane, so that arrows go from middle to middle. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly direction: 'right' | 'left' | 'here';
}

export function spanOf({ from, to }: CallStep, lanes: readonly string[]): Span {
  const [one, other] = [lanes.indexOf(from), lanes.indexOf(to)];
  if (one === other) return { start: 2 * one + 1, end: 2 * one + 3, direction: 'here' };
  const [left, right] = [Math.min(one, other), Math.max(one, other)];
  return { start: 2 * left + 2, end: 2 * right + 2, direction: one < other ? 'right' : 'left' };
}

/** Since the call began: `0.042` s. */
export const secondsSince = (start: number, at: number): string => ((at - start) / 1000).toFixed(3);
