import { Core } from 'sip.js';

/**
 * Takes the peer's new Contact (RFC 3261 s. 12.2.1.2, s. 12.2.2; RFC 3311 s. 5.2). sip.js does so for an
 * incoming re-INVITE only, and keeps the target where nobody else reaches it by its types.
 */
export function refreshTarget(dialog: object, message: Core.IncomingMessage): void {
  const contact: unknown = message.headers.Contact?.[0]?.parsed;
  const state: unknown = Reflect.get(dialog, 'dialogState');
  if (!(contact instanceof Core.NameAddrHeader) || typeof state !== 'object' || state === null) return;
  Object.assign(state, { remoteTarget: contact.uri });
}
