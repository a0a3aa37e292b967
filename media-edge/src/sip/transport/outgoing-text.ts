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
  /** True where every hop has to be secure: then our Contact has to be so as well (RFC 3261 s. 8.1.1.8, s. 12.1.1). */
  readonly isSips?: boolean;
  /** The branch that goes on the wire instead of sip.js' own: a request that is sent to another server is another transaction. */
  readonly branch?: string;
}

/** Puts our real address into Via and Contact of a message that sip.js wrote, and says what we allow. */
export function fillIn(text: string, own: OwnAddress): string {
  const end = text.indexOf('\r\n\r\n');
  const via = `SIP/2.0/${own.protocol} ${hostPort(own.address, own.port)}`;
  const head = text
    .slice(0, end)
    .replaceAll(placeholderContact, contactOf(own))
    .replace(
      ownVia,
      (_, branch: string) => `${via}${own.branch === undefined ? branch : `;branch=${own.branch}`}${aliasOf(own)}`,
    )
    // sip.js lists whatever its core could take, which is not what we do.
    .replace(/^Allow: .*$/m, allowHeader);
  return head + text.slice(end);
}

const ownVia = new RegExp(`SIP/2\\.0/UDP ${placeholderHost.replace('.', '\\.')}(;branch=[^;\\s]+)`);

function contactOf({ protocol, address, port, user, isSips = false }: OwnAddress): string {
  const place = `${user ? `${user}@` : ''}${hostPort(address, port)}`;
  if (isSips) return `<sips:${place}>`;
  return `<sip:${place}${protocol === 'UDP' ? '' : `;transport=${protocol.toLowerCase()}`}>`;
}

/** RFC 5923 s. 4: requests to us may come by the connection that this one goes by. */
const aliasOf = ({ protocol }: OwnAddress): string => (protocol === 'TLS' ? ';alias' : '');

/** What the transport has to know of a message that goes out. */
export interface OutgoingRequest {
  readonly method: string;
  readonly branch: string;
  /** True within a dialog: it has a To tag. */
  readonly isInDialog: boolean;
  /** True if the Request-URI or the first Route is `sips`: no hop may be without TLS (RFC 5630 s. 3.2). */
  readonly isSips: boolean;
  /** First Route, else the Request-URI (RFC 3261 s. 8.1.2); `undefined` when it is no sip URI, or one that we cannot go by. */
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
  const isSips = isSipsUri(target) || uri?.scheme === 'sips';
  const isKnown = uri?.scheme === 'sip' || uri?.scheme === 'sips';
  const isInDialog = /^To: [^\r\n]*;tag=/m.test(text);
  return { method, branch, isInDialog, isSips, nextHop: uri && isKnown ? destinationOf(uri, isSips) : undefined };
}

/** True for a URI whose scheme says that every hop has to be secure. */
export const isSipsUri = (text: string): boolean => /^sips:/i.test(text);

interface HostUri {
  readonly host: string;
  readonly port?: number | undefined;
  getParam(name: string): string | null | undefined;
}

/**
 * @param isSips the way has to be secure: over TCP that is TLS, and over UDP it is impossible (RFC 5630 s. 3.1)
 * @returns `undefined` for a transport that we do not speak
 */
export function destinationOf(uri: HostUri, isSips: boolean): Destination | undefined {
  const named = uri.getParam('transport')?.toUpperCase();
  // RFC 3261 s. 19.1.1: maddr overrides the host.
  const host = (uri.getParam('maddr') ?? uri.host).replace(/^\[|\]$/g, '');
  if (isSips) return secure.has(named) ? { host, port: uri.port, transport: 'TLS' } : undefined;
  if (named === undefined) return { host, port: uri.port };
  if (named === 'UDP' || named === 'TCP' || named === 'TLS') return { host, port: uri.port, transport: named };
  return undefined;
}

const secure = new Set<string | undefined>([undefined, 'TCP', 'TLS']);

/** The status of a response of our own. */
export function statusOf(text: string): number {
  return Number(text.slice('SIP/2.0 '.length, 'SIP/2.0 nnn'.length));
}
