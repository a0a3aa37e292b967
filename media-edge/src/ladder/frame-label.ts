import type { TraceEntry } from '../ports/sip-endpoint.ts';
import { redactFrame } from './redact.ts';

/** A sylkRTC message as an entry of the ladder. */
export function frameEntry(direction: 'fromBrowser' | 'toBrowser', message: SylkrtcMessage): TraceEntry {
  const [from, to] =
    direction === 'fromBrowser' ? (['browser', 'gateway'] as const) : (['gateway', 'browser'] as const);
  return { from, to, label: labelOf(message), detail: redactFrame(message) };
}

interface SylkrtcMessage {
  readonly sylkrtc: string;
  readonly event?: string;
  readonly state?: string;
}

/** `session-create`, `ack`, `session-event ringing`, `session-event update received`. */
function labelOf({ sylkrtc, event, state }: SylkrtcMessage): string {
  if (event === undefined) return sylkrtc;
  return [sylkrtc, ...(event === 'state' ? [] : [event]), ...(state === undefined ? [] : [state])].join(' ');
}
