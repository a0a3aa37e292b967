/**
 * What became of a message (RFC 5438 s. 7):
 *
 *     <imdn xmlns="urn:ietf:params:xml:ns:imdn">
 *       <message-id>d1b1-7c</message-id>
 *       <datetime>2026-01-02T10:00:00.000Z</datetime>
 *       <recipient-uri>sip:bob@example.org</recipient-uri>
 *       <display-notification><status><displayed/></status></display-notification>
 *     </imdn>
 */
import { UnreadableBody } from './unreadable-body.ts';
import { escapeXml, parseXml, textOf, type XmlElement } from './xml.ts';

export const imdnType = 'message/imdn+xml';

/** `processed` and `stored` say that it is on its way. */
export type Disposition = 'delivered' | 'displayed' | 'processed' | 'stored' | 'failed' | 'forbidden' | 'error';

export interface Imdn {
  /** Of the message that it is about. */
  readonly messageId: string;
  readonly disposition: Disposition;
  /** The time of that message, ms since 1970. */
  readonly at?: number;
}

const notifications = new Map<string, readonly Disposition[]>([
  ['delivery-notification', ['delivered', 'failed', 'forbidden', 'error']],
  ['processing-notification', ['processed', 'stored', 'forbidden', 'error']],
  ['display-notification', ['displayed', 'forbidden', 'error']],
]);

/** @throws UnreadableBody */
export function parseImdn(text: string): Imdn {
  const root = parseXml(text);
  const messageId = textOf(root, 'message-id') ?? '';
  if (root.name !== 'imdn' || messageId === '') throw new UnreadableBody('An IMDN without message-id');
  const disposition = root.children.map(dispositionOf).find((found) => found !== undefined);
  if (disposition === undefined) throw new UnreadableBody('An IMDN without a status that is known here');
  const at = Date.parse(textOf(root, 'datetime') ?? '');
  return { messageId, disposition, ...(Number.isFinite(at) ? { at } : {}) };
}

function dispositionOf({ name, children }: XmlElement): Disposition | undefined {
  const allowed = notifications.get(name) ?? [];
  const status = children.find((child) => child.name === 'status')?.children[0]?.name;
  return allowed.find((one) => one === status);
}

export interface ImdnToSend {
  readonly messageId: string;
  readonly disposition: 'delivered' | 'displayed' | 'error';
  readonly at: number;
  /** Who reports: `sip:bob@example.org`. */
  readonly recipient: string;
}

export function encodeImdn({ messageId, disposition, at, recipient }: ImdnToSend): string {
  const notification = disposition === 'delivered' ? 'delivery-notification' : 'display-notification';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<imdn xmlns="urn:ietf:params:xml:ns:imdn">',
    `<message-id>${escapeXml(messageId)}</message-id>`,
    `<datetime>${new Date(at).toISOString()}</datetime>`,
    `<recipient-uri>${escapeXml(recipient)}</recipient-uri>`,
    `<${notification}><status><${disposition}/></status></${notification}>`,
    '</imdn>',
    '',
  ].join('\r\n');
}
