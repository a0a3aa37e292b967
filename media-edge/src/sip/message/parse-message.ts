import { createHash } from 'node:crypto';
import { Core, type NameAddrHeader } from 'sip.js';
import { parseNameAddr } from './name-addr.ts';
import { splitOutsideQuotes } from './parameters.ts';
import { maxTokenChars } from './sip-limits.ts';
import { printable, type RawMessage, splitMessage } from './split-message.ts';
import { parseVia, type Via } from './via.ts';
import { parseUri } from './wire-uri.ts';

/** A request with all that an answer needs. With a `fault` it must be refused, and only its raw headers are there. */
export interface ParsedRequest {
  readonly kind: 'request';
  readonly message: Core.IncomingRequestMessage;
  readonly via: Via;
  /** Its body as it came, in whichever character set. */
  readonly bodyBytes: Buffer;
  readonly fault?: Fault;
}

export interface ParsedResponse {
  readonly kind: 'response';
  readonly message: Core.IncomingResponseMessage;
}

/** Nothing that could be answered. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly reason: string;
}

/** Why a request is refused, as a status line says it. */
export interface Fault {
  readonly code: 400 | 416 | 505 | 513;
  readonly phrase: string;
}

/**
 * Reads one message from its bytes into the objects that sip.js works with. sip.js' own parser
 * needs a hundred times as long, cuts bodies by characters, and takes what RFC 3261 forbids.
 */
export function parseMessage(bytes: Buffer): ParsedRequest | ParsedResponse | Unreadable {
  const raw = splitMessage(bytes);
  if (typeof raw === 'string') return unreadable(raw);
  if (/^SIP\//i.test(raw.startLine)) return readResponse(raw, bytes);
  return readRequest(raw, bytes);
}

const unreadable = (reason: string): Unreadable => ({ kind: 'unreadable', reason });

function readResponse(raw: RawMessage, bytes: Buffer): ParsedResponse | Unreadable {
  const status = /^SIP\/2\.0 ([1-6]\d\d) (.*)$/i.exec(raw.startLine);
  if (status === null) return unreadable(`status line '${printable(raw.startLine)}'`);
  const message = new Core.IncomingResponseMessage();
  message.statusCode = Number(status[1]);
  message.reasonPhrase = status[2] ?? '';
  fill(message, raw, bytes);
  const fault = raw.fault ?? readCommon(message);
  if (fault !== undefined) return unreadable(fault);
  const branch = parseVia(message.getHeader('via') ?? '')?.parameters.branch;
  if (typeof branch !== 'string') return unreadable('response without a branch');
  message.viaBranch = branch;
  return { kind: 'response', message };
}

function readRequest(raw: RawMessage, bytes: Buffer): ParsedRequest | Unreadable {
  const line = splitRequestLine(raw.startLine);
  if (line === undefined) return unreadable(`start line '${printable(raw.startLine)}'`);
  const { method, target, version } = line;
  const message = new Core.IncomingRequestMessage();
  message.method = method;
  fill(message, raw, bytes);
  const via = parseVia(message.getHeader('via') ?? '');
  if (via === undefined) return unreadable('request without a Via that could be answered to');
  const isExact = raw.startLine === `${method} ${target} ${version}`;
  const fault =
    versionFault(version) ??
    (raw.isTooLarge === true ? tooLarge : undefined) ??
    badRequest(via.version === '2.0' ? undefined : 'Via of another version') ??
    badRequest(isExact ? undefined : 'Spaces in the Request-Line') ??
    badRequest(raw.fault) ??
    badRequest(readCommon(message)) ??
    readTarget(message, target);
  message.viaBranch = transactionId(message, via);
  return { kind: 'request', message, via, bodyBytes: raw.bodyBytes, fault };
}

/** @returns `undefined` for what is no request at all; spaces too many are told apart later, as a fault to be answered */
function splitRequestLine(line: string): { method: string; target: string; version: string } | undefined {
  const method = /^[\w.!%*+`'~-]{1,64}(?=[ \t])/.exec(line)?.[0];
  const version = /[ \t](SIP\/[\w.]{1,10})[ \t]*$/i.exec(line)?.[1];
  if (method === undefined || version === undefined) return undefined;
  const target = line.slice(method.length, line.lastIndexOf(version)).trim();
  return { method, target, version };
}

const badRequest = (phrase: string | undefined): Fault | undefined =>
  phrase === undefined ? undefined : { code: 400, phrase: phrase.charAt(0).toUpperCase() + phrase.slice(1) };

const versionFault = (version: string): Fault | undefined =>
  version.toUpperCase() === 'SIP/2.0' ? undefined : { code: 505, phrase: 'Version Not Supported' };

/** RFC 3261 s. 21.5.7. */
const tooLarge: Fault = { code: 513, phrase: 'Message Too Large' };

function readTarget(message: Core.IncomingRequestMessage, target: string): Fault | undefined {
  const uri = parseUri(target);
  if (uri === undefined) return { code: 400, phrase: `Request-URI '${printable(target)}'` };
  // RFC 3261 s. 19.1.1: headers make no sense in a Request-URI.
  if (isSipUri(uri) && target.slice(target.lastIndexOf('@') + 1).includes('?'))
    return { code: 400, phrase: 'Headers in the Request-URI' };
  // sip.js takes no other scheme than `sip`; the text still says which one it was.
  message.ruri = uri.scheme === 'sips' ? uri.asSip() : uri;
  return isSipUri(uri) ? undefined : { code: 416, phrase: 'Unsupported URI Scheme' };
}

const isSipUri = ({ scheme }: { scheme: string }): boolean => scheme === 'sip' || scheme === 'sips';

/** Puts the raw headers in, as `getHeader` of sip.js finds them; lists are taken apart (RFC 3261 s. 7.3.1). */
function fill(message: Core.IncomingMessage, raw: RawMessage, bytes: Buffer): void {
  for (const [name, value] of raw.headers) {
    const values = lists.has(name) ? splitOutsideQuotes(value, ',').map((one) => one.trim()) : [value];
    const key = sipjsNames.get(name) ?? capitalised(name);
    const entries = values.map((one) => ({ raw: one }));
    message.headers[key] = [...(message.headers[key] ?? []), ...entries];
  }
  message.body = raw.body;
  message.data = bytes.toString('utf8');
}

const lists = new Set(['via', 'route', 'record-route', 'contact']);

/** Where sip.js does not simply capitalise each word. */
const sipjsNames = new Map([
  ['call-id', 'Call-ID'],
  ['cseq', 'CSeq'],
  ['min-se', 'Min-SE'],
  ['rack', 'RAck'],
  ['rseq', 'RSeq'],
  ['www-authenticate', 'WWW-Authenticate'],
]);

const capitalised = (name: string): string =>
  name.replace(/_/g, '-').replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());

/** Fills what requests and responses share. @returns the first fault */
function readCommon(message: Core.IncomingMessage): string | undefined {
  for (const name of ['From', 'To', 'Call-ID', 'CSeq']) {
    const count = message.getHeaders(name).length;
    if (count !== 1) return `${count === 0 ? 'Missing' : 'Repeated'} ${name} Header`;
  }
  return (
    readCallId(message) ??
    readCSeq(message) ??
    readFrom(message) ??
    readTo(message) ??
    readContacts(message) ??
    readBodyHeaders(message)
  );
}

function readCallId(message: Core.IncomingMessage): string | undefined {
  const text = message.getHeader('call-id') ?? '';
  if (!/^\S+$/.test(text) || text.length > maxTokenChars) return `Call-ID '${printable(text)}'`;
  message.callId = text;
  return undefined;
}

/** RFC 3261 s. 8.1.1.5: the number is below 2^31, and the method is that of the request. */
function readCSeq(message: Core.IncomingMessage): string | undefined {
  const text = message.getHeader('cseq') ?? '';
  const match = /^(\d{1,10})\s+([\w.!%*+`'~-]+)$/.exec(text);
  const number = Number(match?.[1]);
  if (match === null || number >= 2 ** 31) return `CSeq '${printable(text)}'`;
  const method = match[2] ?? '';
  if (message instanceof Core.IncomingResponseMessage) message.method = method;
  else if (method !== message.method) return `CSeq of ${printable(method)} in a ${message.method}`;
  message.cseq = number;
  return undefined;
}

function readFrom(message: Core.IncomingMessage): string | undefined {
  const header = parsed(message, 'From');
  if (header === undefined) return 'Malformed From Header';
  message.from = header;
  const tag = header.getParam('tag');
  if (typeof tag !== 'string' || tag.length > maxTokenChars) return 'From Header without a tag';
  message.fromTag = tag;
  return undefined;
}

function readTo(message: Core.IncomingMessage): string | undefined {
  const header = parsed(message, 'To');
  if (header === undefined) return 'Malformed To Header';
  message.to = header;
  const tag = header.getParam('tag');
  if (tag === null || (tag !== undefined && tag.length > maxTokenChars)) return 'Malformed tag in the To Header';
  if (tag !== undefined) message.toTag = tag;
  return undefined;
}

function parsed(message: Core.IncomingMessage, name: 'From' | 'To'): NameAddrHeader | undefined {
  const entry = message.headers[name]?.[0];
  if (entry === undefined) return undefined;
  const header = parseNameAddr(entry.raw);
  entry.parsed = header;
  return header;
}

function readContacts(message: Core.IncomingMessage): string | undefined {
  for (const entry of message.headers.Contact ?? []) {
    const header = parseNameAddr(entry.raw);
    if (header === undefined && entry.raw !== '*') return 'Malformed Contact Header';
    entry.parsed = header;
  }
  return undefined;
}

/** sip.js asks for these in their parsed form, and would call its slow grammar for them. */
function readBodyHeaders(message: Core.IncomingMessage): string | undefined {
  const types = message.headers['Content-Type'] ?? [];
  if (types.length > 1 || (types.length === 0 && message.body !== '')) return 'Body needs one Content-Type Header';
  for (const type of types) {
    const match = /^([\w.!%*+`'~-]+)\s*\/\s*([\w.!%*+`'~-]+)\s*(?:;|$)/.exec(type.raw);
    if (match === null) return 'Malformed Content-Type Header';
    type.parsed = `${match[1]}/${match[2]}`.toLowerCase();
  }
  for (const disposition of message.headers['Content-Disposition'] ?? []) {
    disposition.parsed = { type: disposition.raw.split(';', 1)[0]?.trim().toLowerCase() ?? '' };
  }
  return undefined;
}

/**
 * What makes a transaction one (RFC 3261 s. 17.2.3): branch and sent-by, as two clients may choose the same
 * branch. A branch without the magic cookie says nothing, so the older rule's fields count.
 */
function transactionId(message: Core.IncomingRequestMessage, via: Via): string {
  const { branch } = via.parameters;
  const sentBy = `${via.host.toLowerCase()}:${via.port ?? ''}`;
  if (typeof branch === 'string' && isUnique(branch)) return `${branch}|${sentBy}`;
  const fields = [message.callId, message.fromTag, message.cseq, message.getHeader('via')];
  return `rfc2543|${createHash('sha256').update(fields.join('\n')).digest('base64url')}`;
}

/** The cookie says that the rest is unique (s. 8.1.1.7); alone it says nothing. */
const isUnique = (branch: string): boolean => branch.startsWith(cookie) && branch.length > cookie.length;
const cookie = 'z9hG4bK';
