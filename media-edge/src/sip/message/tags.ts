import { hash, randomBytes } from 'node:crypto';
import type { Core } from 'sip.js';

/** A tag for a dialog that we begin (RFC 3261 s. 19.3 asks for 32 random bits at least; these are 96). */
export const newTag = (): string => randomBytes(12).toString('hex');

/** A branch for a client transaction, with the magic cookie (RFC 3261 s. 8.1.1.7). */
export const newBranch = (): string => `z9hG4bK${randomBytes(12).toString('hex')}`;

/**
 * Our tag for a request, the same for each copy of it: whoever answers without memory, and CANCEL
 * (RFC 3261 s. 9.2), give the tag that the transaction has.
 */
export function tagFor(request: Core.IncomingRequestMessage): string {
  return hash('sha256', `${secret}\n${request.viaBranch}\n${request.callId}`, 'hex').slice(0, 24);
}

const secret = randomBytes(32).toString('hex');
