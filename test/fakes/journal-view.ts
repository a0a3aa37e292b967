import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import type { JournalMessage } from '@sylk/protocol/sylkrtc/parts.ts';
import { messageStates } from '../../functions/src/ports/messages.ts';

/** What a device shows of an entry of the journal; which receipts are wanted is between it and the gateway. */
export type Shown = Omit<JournalMessage, 'disposition'>;

/** What a device shows that has done what the entries say, in their order. */
export const journalView = (entries: readonly JournalMessage[]): readonly Shown[] =>
  entries.reduce<readonly Shown[]>((shown, entry) => [...applied(shown, entry), shownOf(entry)], []);

const shownOf = ({ disposition, ...rest }: JournalMessage): Shown => rest;

const applied = (shown: readonly Shown[], { content_type, content, contact }: JournalMessage): readonly Shown[] => {
  switch (content_type) {
    case 'message/imdn':
      return raised(shown, fieldOf(content, 'message_id'), fieldOf(content, 'state'));
    case 'application/sylk-message-remove':
      return shown.filter(({ message_id }) => message_id !== fieldOf(content, 'message_id'));
    case 'application/sylk-conversation-remove':
      return shown.filter((other) => other.contact !== contact);
    default:
      return shown;
  }
};

const raised = (shown: readonly Shown[], id: string, state: string): readonly Shown[] =>
  shown.map((other) => {
    const higher = messageStates.find((known) => known === state);
    const isMeant = other.message_id === id && other.direction === 'outgoing' && higher !== undefined;
    return isMeant && rankOf(state) > rankOf(other.state) ? { ...other, state: higher } : other;
  });

const ranks: readonly (string | null | undefined)[] = messageStates;
const rankOf = (state: string | null | undefined): number => ranks.indexOf(state);

const fieldOf = (content: string, field: string): string => {
  const parsed = parseJson(content);
  return isJsonObject(parsed) ? String(parsed[field]) : '';
};
