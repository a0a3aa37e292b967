import { randomBytes } from 'node:crypto';
import { allowHeader } from '../message/allow.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import { parseUri } from '../message/wire-uri.ts';
import { hostPort, type Protocol } from './flow.ts';
import type { Destination } from './resolver.ts';

/**
 * Stands for our own address in what sip.js writes. Which address a peer knows us by is only known
 * when the way to it is (RFC 3261 s. 18.1.1), and differs from peer to peer.
 */
export const placeholderHost = `${randomBytes(8).toString('hex')}.invalid`;

/** A Contact as sip.js is given it. */
export const placeholderContact = `<sip:${placeholderHost}>`;

/** What is known once the flow is. */
export interface OwnAddress {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
  /** The user part of our Contact, escaped as in a URI. */
  readonly user: string | undefined;
}

/** Puts our real address into Via and Contact of a message that sip.js wrote, and says what we allow. */
export function fillIn(text: string, own: OwnAddress): string {
  const end = text.indexOf('\r\n\r\n');
  const sentBy = hostPort(own.address, own.port);
  const contact = `<sip:${own.user ? `${own.user}@` : ''}${sentBy}${own.protocol === 'TCP' ? ';transport=tcp' : ''}>`;
  const head = text
    .slice(0, end)
    .replaceAll(placeholderContact, contact)
    .replace(`SIP/2.0/UDP ${placeholderHost}`, `SIP/2.0/${own.protocol} ${sentBy}`)
    // sip.js lists whatever its core could take, which is not what we do.
    .replace(/^Allow: .*$/m, allowHeader);
  return head + text.slice(end);
}

/** What the transport has to know of a message that goes out. */
export interface OutgoingRequest {
  readonly method: string;
  readonly branch: string;
  /** First Route, else the Request-URI (RFC 3261 s. 8.1.2); `undefined` when it is no sip URI. */
  readonly nextHop: Destination | undefined;
}

/** Reads a request of our own. @throws Error for text that is none, which would be our fault */
export function readOutgoingRequest(text: string): OutgoingRequest {
  const [, method, target] = /^(\S+) (\S+) SIP\/2\.0\r\n/.exec(text) ?? [];
  const [, branch] = /^Via: [^\r\n]*;branch=([^;\s]+)/m.exec(text) ?? [];
  if (method === undefined || target === undefined || branch === undefined) {
    throw new Error(`not a SIP request of ours: ${text.slice(0, 40)}`);
  }
  const [, route] = /^Route: ([^\r\n,]+)/m.exec(text) ?? [];
  const uri = route === undefined ? parseUri(target) : parseNameAddr(route)?.uri;
  return { method, branch, nextHop: uri?.scheme === 'sip' ? destinationOf(uri) : undefined };
}

interface HostUri {
  readonly host: string;
  readonly port?: number | undefined;
  getParam(name: string): string | null | undefined;
}

/** @returns `undefined` for a transport that we do not speak */
export function destinationOf(uri: HostUri): Destination | undefined {
  const named = uri.getParam('transport')?.toUpperCase();
  // RFC 3261 s. 19.1.1: maddr overrides the host.
  const host = (uri.getParam('maddr') ?? uri.host).replace(/^\[|\]$/g, '');
  if (named === undefined) return { host, port: uri.port };
  if (named === 'UDP' || named === 'TCP') return { host, port: uri.port, transport: named };
  return undefined;
}

/** The status of a response of our own. */
export function statusOf(text: string): number {
  return Number(text.slice('SIP/2.0 '.length, 'SIP/2.0 nnn'.length));
}
