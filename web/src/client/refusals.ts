import type { Reply } from './pending-requests.ts';

/** @throws Error with the gateway's words; what was lost is repeated, and is no refusal */
export function endIfRefused(reply: Reply): void {
  if (!reply.ok && !reply.isLost) throw new Error(reply.error);
}

/** Whatever was thrown, as what applications expect. */
export const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
