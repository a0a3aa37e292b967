import type { DialOptions } from '../../ports/sip-endpoint.ts';
import type { LegContext } from '../leg-context.ts';
import type { Trunks } from './trunks.ts';

/** Whom a leg calls, and as whom: a number leaves by its trunk, everything else as it is. */
export function byTrunk(
  trunks: Trunks | undefined,
  { number, to }: DialOptions,
  context: LegContext,
): { readonly context: LegContext; readonly to: string } {
  const call = number && trunks?.outgoing(number);
  return call ? { context: { ...context, lineOf: () => call.line }, to: call.to } : { context, to };
}
