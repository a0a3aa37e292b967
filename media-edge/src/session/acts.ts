import { sessionId } from '@sylk/protocol/ids.ts';
import type { SessionRequest, SessionTransfer } from '@sylk/protocol/sylkrtc/requests.ts';
import type { TransferTarget } from '../ports/transfer-target.ts';
import type { SessionData } from './data.ts';
import type { SessionAct } from './messages.ts';

/** What an allowed request asks of the call. Candidates are not needed: the gateway is ICE-lite (RFC 8445 s. 2.5). */
export function actsOf(data: SessionData, request: SessionRequest): readonly SessionAct[] {
  switch (request.sylkrtc) {
    case 'session-answer':
      return [{ kind: 'answer', sdp: request.sdp, headers: request.headers ?? [] }];
    case 'session-update':
      return [updateAct(data, request.sdp, request.headers ?? [])];
    case 'session-terminate':
      return [{ kind: 'hangUp', why: 'asked', ...(request.code ? { code: request.code } : {}) }];
    case 'session-dtmf-info':
      return [{ kind: 'dtmf', digits: request.digit.toUpperCase(), durationMs: toneMs(request.duration ?? 0) }];
    case 'session-transfer':
      return [{ kind: 'transfer', to: transferTarget(request) }];
    case 'session-ringing':
      return data.direction === 'incoming' && data.state === 'connecting' ? [{ kind: 'ringing' }] : [];
    case 'session-message': {
      const { message_id: id, content_type: contentType, content, timestamp } = request;
      return [{ kind: 'write', text: { id, contentType, content, timestamp } }];
    }
    case 'session-create':
    case 'session-trickle':
    case 'session-ack':
      return [];
  }
}

/** One of both is given: the schema has seen to that. */
function transferTarget({ uri, replaces_session: other }: SessionTransfer): TransferTarget {
  if (typeof other === 'string') return { kind: 'session', session: sessionId(other) };
  return { kind: 'address', uri: uri ?? '', headers: [], mayLeave: true };
}

function updateAct(data: SessionData, sdp: string, headers: readonly { name: string; value: string }[]): SessionAct {
  return data.state === 'remote-updating' ? { kind: 'answerUpdate', sdp } : { kind: 'offer', sdp, headers };
}

/** RFC 4733 s. 2.5.2.2 wants 40 ms at least; the upper bound keeps a wrong unit from blocking the line. */
const [shortestMs, usualMs, longestMs] = [40, 100, 6000];
const toneMs = (asked: number): number => (asked <= 0 ? usualMs : Math.min(longestMs, Math.max(shortestMs, asked)));
