/**
 * Somebody is typing, or has stopped (RFC 3994 s. 5):
 *
 *     <isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing">
 *       <state>active</state>
 *       <contenttype>text/plain</contenttype>
 *       <refresh>60</refresh>
 *     </isComposing>
 */
import { UnreadableBody } from './unreadable-body.ts';
import { escapeXml, parseXml, textOf } from './xml.ts';

export const isComposingType = 'application/im-iscomposing+xml';

export interface Composing {
  readonly state: 'active' | 'idle';
  /** Of what is being written. */
  readonly contentType?: string;
  /** How long it is to be shown unless it is told again, s. */
  readonly refreshSec: number;
}

/** RFC 3994 s. 3.3: 120 s when nothing is said, and no less than 60 s are to be asked for; an hour shows nothing any more. */
const usualRefreshSec = 120;
const longestRefreshSec = 600;

/** @throws UnreadableBody */
export function parseComposing(text: string): Composing {
  const root = parseXml(text);
  const state = textOf(root, 'state');
  if (root.name !== 'isComposing' || state === undefined) throw new UnreadableBody('An is-composing without state');
  const contentType = textOf(root, 'contenttype');
  const refresh = textOf(root, 'refresh') ?? '';
  return {
    // RFC 3994 s. 3.2: a state that is not known counts as idle.
    state: state === 'active' ? 'active' : 'idle',
    ...(contentType === undefined || contentType === '' ? {} : { contentType: contentType.slice(0, 100) }),
    refreshSec: /^\d{1,6}$/.test(refresh) ? Math.min(longestRefreshSec, Math.max(1, Number(refresh))) : usualRefreshSec,
  };
}

export function encodeComposing({ state, contentType, refreshSec }: Composing): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing">',
    `<state>${state}</state>`,
    ...(contentType === undefined ? [] : [`<contenttype>${escapeXml(contentType)}</contenttype>`]),
    ...(state === 'active' ? [`<refresh>${refreshSec}</refresh>`] : []),
    '</isComposing>',
    '',
  ].join('\r\n');
}
