import { Core } from 'sip.js';
import type { GatewayCore } from '../gateway-core.ts';
import { placeholderContact } from '../transport/outgoing-text.ts';
import { refreshTarget } from './remote-target.ts';

/**
 * Takes an UPDATE within a dialog (RFC 3311), which sip.js' dialogs do not know: its order is checked,
 * the peer's new Contact is kept, and the dialog answers it like a re-INVITE.
 *
 * @param transport the way back of this request
 * @returns false when there is no such dialog (481)
 */
export function takeUpdate(
  gateway: GatewayCore,
  dialogs: ReadonlyMap<string, { update(request: Core.UserAgentServer): void }>,
  message: Core.IncomingRequestMessage,
  transport: Core.Transport,
): boolean {
  const { core } = gateway;
  const known = core.userAgentServers.get(message.viaBranch);
  if (known !== undefined) {
    known.transaction.receiveRequest(message);
    return true;
  }
  const dialog = core.dialogs.get(`${message.callId}${message.toTag}${message.fromTag}`);
  if (dialog === undefined) return false;
  const request = gateway.within(
    transport,
    () => new Core.UserAgentServer(Core.NonInviteServerTransaction, core, message),
  );
  if (message.cseq <= (dialog.remoteSequenceNumber ?? -1)) {
    request.reject({ statusCode: 500 });
    return true;
  }
  // The general part of every request in a dialog (RFC 3261 s. 12.2.2); that of sip.js' session would answer 501.
  Core.Dialog.prototype.receiveRequest.call(dialog, message);
  refreshTarget(dialog, message);
  const ours = dialogs.get(dialog.id);
  if (ours === undefined) answerEarly(request);
  else ours.update(request);
  return true;
}

/** Before the call is answered only a plain refresh can be agreed to. */
function answerEarly(request: Core.UserAgentServer): void {
  if (request.message.body === '') request.accept({ statusCode: 200 });
  else request.reject({ statusCode: 488 });
}

/** Sends an UPDATE without a description: a refresh of the session (RFC 4028 s. 7.4). */
export function sendUpdate(
  gateway: GatewayCore,
  session: Core.Session,
  headers: readonly string[],
  delegate: Core.OutgoingRequestDelegate,
): void {
  if (!(session instanceof Core.SessionDialog)) throw new Error('an UPDATE needs a dialog');
  const extraHeaders = [`Contact: ${placeholderContact}`, ...headers];
  const message = session.createOutgoingRequestMessage('UPDATE', { extraHeaders });
  new Core.UserAgentClient(Core.NonInviteClientTransaction, gateway.core, message, delegate);
}
