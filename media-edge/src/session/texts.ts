import type { CallText } from '../ports/call-text.ts';
import { emit, type SessionData, type SessionStep } from './data.ts';
import type { SessionTell } from './messages.ts';

/** The far side has written, or says something of what this client wrote. */
export function written(data: SessionData, text: CallText): SessionStep {
  const of = { sylkrtc: 'session-event', session: data.key.session } as const;
  const timestamp = new Date(text.at).toISOString();
  if (text.kind === 'disposition') {
    const { message: message_id, state } = text;
    const news = { message_id, message_timestamp: timestamp, state, code: 200, reason: '' };
    return emit(data, { ...of, event: 'disposition-notification', ...news });
  }
  const { from: sender, id: message_id, contentType: content_type, content } = text;
  const disposition_notification = [
    ...(text.wantsDelivery ? ['positive-delivery'] : []),
    ...(text.wantsDisplay ? ['display'] : []),
  ];
  const message = { sender, timestamp, disposition_notification, message_id, content_type, content };
  return emit(data, { ...of, event: 'message', ...message });
}

/** What became of a message of this client. */
export function textSent(data: SessionData, tell: SessionTell & { kind: 'textSent' }): SessionStep {
  const { id: message_id, timestamp: message_timestamp, outcome } = tell;
  const state = outcome.code >= 200 && outcome.code < 300 ? 'accepted' : 'failed';
  const of = { sylkrtc: 'session-event', session: data.key.session } as const;
  return emit(data, { ...of, event: 'disposition-notification', message_id, message_timestamp, state, ...outcome });
}
