import type { Core } from 'sip.js';

/** Marks the copy for a phone: one that comes back to us, by whatever way, is not taken (reference: X-Sylk-To-Sip). */
export const forPhonesOnly = 'X-Sylk-To-Sip: yes';

export const isForPhonesOnly = (message: Core.IncomingRequestMessage): boolean =>
  message.getHeader('x-sylk-to-sip') !== undefined;
