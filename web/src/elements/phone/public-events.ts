import type { PhoneSnapshot } from '../../store/snapshot.ts';
import { incomingCalls, type PhoneState, phoneState } from '../state/screen.ts';

/** An event that the page around the element can hear; all bubble and are composed. */
export type PublicEvent =
  | { readonly type: 'sylk-ready'; readonly detail: { readonly domain: string | undefined } }
  | {
      readonly type: 'sylk-incoming';
      readonly detail: {
        readonly call: string;
        readonly uri: string;
        readonly displayName: string;
        readonly hasVideo: boolean;
      };
    }
  | { readonly type: 'sylk-state'; readonly detail: { readonly state: PhoneState; readonly previous: PhoneState } }
  /** `cause` as the network says it, `486 Busy Here`; `duration` in ms. */
  | {
      readonly type: 'sylk-ended';
      readonly detail: {
        readonly call: string;
        readonly uri: string;
        readonly cause: string;
        readonly sentence: string;
        readonly duration: number;
      };
    }
  /** A message came in; `text` in one line, of a stranger who has not been accepted none. */
  | {
      readonly type: 'sylk-message';
      readonly detail: { readonly uri: string; readonly displayName: string; readonly text: string };
    }
  | { readonly type: 'sylk-error'; readonly detail: { readonly sentence: string } };

/** What happened between two snapshots, in the order in which a page wants to hear it. */
export function publicEvents(before: PhoneSnapshot, after: PhoneSnapshot): readonly PublicEvent[] {
  return [
    ...readyEvents(before, after),
    ...incomingEvents(before, after),
    ...stateEvents(before, after),
    ...endedEvents(before, after),
    ...messageEvents(before, after),
  ];
}

function readyEvents(before: PhoneSnapshot, after: PhoneSnapshot): readonly PublicEvent[] {
  const isFirst = after.link === 'online' && (before.link === 'connecting' || before.link === 'offline');
  return isFirst ? [{ type: 'sylk-ready', detail: { domain: after.domain } }] : [];
}

function incomingEvents(before: PhoneSnapshot, after: PhoneSnapshot): readonly PublicEvent[] {
  const known = new Set(before.calls.map(({ id }) => id));
  return incomingCalls(after)
    .filter(({ id }) => !known.has(id))
    .map(({ id, peer, offersVideo }) => ({
      type: 'sylk-incoming',
      detail: { call: id, uri: peer.uri, displayName: peer.displayName, hasVideo: offersVideo },
    }));
}

function stateEvents(before: PhoneSnapshot, after: PhoneSnapshot): readonly PublicEvent[] {
  const previous = phoneState(before);
  const state = phoneState(after);
  return state === previous ? [] : [{ type: 'sylk-state', detail: { state, previous } }];
}

function endedEvents(before: PhoneSnapshot, after: PhoneSnapshot): readonly PublicEvent[] {
  const { ended } = after;
  if (ended === undefined || ended.call === before.ended?.call) return [];
  const { call, uri, reason, sentence, durationMs } = ended;
  return [{ type: 'sylk-ended', detail: { call, uri, cause: reason, sentence, duration: durationMs } }];
}

function messageEvents(before: PhoneSnapshot, after: PhoneSnapshot): readonly PublicEvent[] {
  const { arrived } = after.chat;
  if (arrived === undefined || arrived.key === before.chat.arrived?.key) return [];
  const { uri, displayName, isRequest } = arrived.conversation;
  return [{ type: 'sylk-message', detail: { uri, displayName, text: isRequest ? '' : arrived.text } }];
}
