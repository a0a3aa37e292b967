import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import type { LegEvent } from '../call/call-leg.ts';
import type { SessionTell, WrittenText } from '../session/messages.ts';

/** A message that a page has written within its call; no receipt is asked for, as nobody would send it (RFC 5438 s. 6). */
export function writtenBy(
  { id, contentType, content, timestamp }: WrittenText,
  writer: Attachment | undefined,
  tell: (tell: SessionTell) => void,
): LegEvent {
  const { aor: uri = '', displayName: display_name } = writer ?? {};
  const from = display_name === undefined ? { uri } : { uri, display_name };
  const at = Math.max(0, Date.parse(timestamp)) || 0;
  const wishes = { wantsDelivery: false, wantsDisplay: false };
  return {
    kind: 'written',
    text: { kind: 'message', from, at, id, contentType, content, ...wishes },
    settle: (outcome) => tell({ kind: 'textSent', id, timestamp, outcome }),
  };
}
