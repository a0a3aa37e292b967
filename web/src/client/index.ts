/** The client library: calls through the gateway from any page, with the interface of existing sylkRTC clients. */
import { Connection, type ConnectionOptions } from './connection.ts';
import { browserEnvironment } from './environment.ts';
import { attachMediaStream, closeMediaStream } from './media-elements.ts';
import { sanitizeHtml } from './sanitize-html.ts';

export { Account } from './account.ts';
export type { AccountEvents, AccountOptions, RegistrationState } from './account-types.ts';
export { Call } from './call.ts';
export { type CallResumeState, readCallResumeState } from './call-resume-state.ts';
export type { AnswerOptions, CallEvents, CallState, DialOptions, RestoreOptions } from './call-types.ts';
export type { Connection, ConnectionEvents, ConnectionOptions } from './connection.ts';
export type { ContactPolicy } from './contact-lists.ts';
export type { Environment } from './environment.ts';
export { Identity } from './identity.ts';
export { type DispositionState, Message, type MessageState } from './message.ts';
export type { MessageEvents } from './message-events.ts';
export type { MediaAddress } from './sdp-lines.ts';
export type { Statistics, StatsSample } from './statistics.ts';
export type { ConnectionState } from './transport.ts';

/**
 * Connects to a gateway, and keeps doing so.
 *
 * @throws Error without a server, or where there is no WebRTC
 */
export function createConnection(options: Partial<ConnectionOptions> = {}): Connection {
  const { server } = options;
  if (typeof server !== 'string' || server === '') throw new Error('"server" must be specified');
  const { newPeerConnection } = { ...browserEnvironment(), ...options.environment };
  if (newPeerConnection === undefined) throw new Error('WebRTC support not detected');
  return new Connection({ ...options, server });
}

/** `sanatizeHtml` is spelt as existing applications spell it. */
export const utils = { attachMediaStream, closeMediaStream, sanatizeHtml: sanitizeHtml };
