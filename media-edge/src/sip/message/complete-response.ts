import { Core } from 'sip.js';

/**
 * Adds what sip.js wants of each response to INVITE, or else drops it unseen: a Contact, and a To tag in a 1xx.
 * RFC 3261 leaves both out of a 1xx where it likes (table 2, s. 12.1), and a ringing phone should be heard.
 */
export function completeResponse(message: Core.IncomingResponseMessage): void {
  const { statusCode = 0, method } = message;
  if (method !== 'INVITE' || statusCode === 100 || statusCode >= 300) return;
  if (message.toTag === undefined && statusCode < 200) message.toTag = 'no-tag';
  if (message.hasHeader('contact')) return;
  // Only a target for requests within this dialog; a Contact that comes with the answer takes its place.
  const { uri } = message.to;
  message.headers.Contact = [{ raw: `<${uri.toString()}>`, parsed: new Core.NameAddrHeader(uri, '', {}) }];
}
