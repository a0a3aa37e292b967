import { type LegId, legId } from '@sylk/protocol/ids.ts';
import type { Core } from 'sip.js';

/** The dialog whose place a new call takes, named as the UA that gets the name has it (RFC 3891 s. 3). */
export interface Replaces {
  readonly callId: string;
  /** Our tag, if the dialog is ours. */
  readonly toTag: string;
  readonly fromTag: string;
  /** Only if it is not answered yet. */
  readonly isEarlyOnly: boolean;
}

/** Dialogs of ours by their id, with the leg that each belongs to. */
export type DialogsOfLegs = ReadonlyMap<string, { readonly legId: LegId }>;

/**
 * Reads the value of a Replaces header: `425928@bobster.example;to-tag=7743;from-tag=6472`.
 *
 * @returns `undefined` when it is malformed
 */
export function parseReplaces(text: string): Replaces | undefined {
  const [callId = '', ...parameters] = text.split(';').map((part) => part.trim());
  const tag = (name: string) =>
    parameters.find((part) => part.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const [toTag, fromTag] = [tag('to-tag'), tag('from-tag')];
  if (callId === '' || !toTag || !fromTag) return undefined;
  return { callId, toTag, fromTag, isEarlyOnly: parameters.some((part) => part.toLowerCase() === 'early-only') };
}

/** The leg of an answered call of ours that has this dialog. */
export function legWith({ callId, toTag, fromTag, isEarlyOnly }: Replaces, dialogs: DialogsOfLegs): LegId | undefined {
  return isEarlyOnly ? undefined : dialogs.get(`${callId}${toTag}${fromTag}`)?.legId;
}

/**
 * The leg that an INVITE wants to replace.
 *
 * @returns `undefined` when it wants to replace none, the name of no leg when there is none such
 */
export function replacedLeg(message: Core.IncomingRequestMessage, dialogs: DialogsOfLegs): LegId | undefined {
  const [value] = message.getHeaders('replaces');
  if (value === undefined) return undefined;
  const replaces = parseReplaces(value);
  return (replaces && legWith(replaces, dialogs)) ?? noLeg;
}

/** Not undefined: such a call must not be taken for a new one (RFC 3891 s. 3). */
const noLeg = legId('none');
