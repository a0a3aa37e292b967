import type { ContactsOrder, PhonePlace } from '@sylk/protocol/edge/phones.ts';
import { maxPhonesPerAccount, maxPhoneUriChars } from '@sylk/protocol/limits.ts';
import type { Core, NameAddrHeader } from 'sip.js';
import { parseNameAddr } from '../message/name-addr.ts';
import { splitOutsideQuotes } from '../message/parameters.ts';
import type { StatelessReply } from '../message/stateless-reply.ts';
import { WireUri } from '../message/wire-uri.ts';
import { contactKey, type OutboundFlow } from './contact-key.ts';

/** How long contacts may live, s. */
export interface ContactLife {
  readonly min: number;
  readonly max: number;
  /** Where the phone does not say. */
  readonly usual: number;
}

/** Where requests to a contact go, as whoever received the REGISTER finds it. */
export type WayBack = (contact: WireUri, isOutbound: boolean) => readonly string[];

export interface RegisterOrder {
  readonly order: ContactsOrder;
  /** The phone keeps its flow open, and wants to be called by nothing else (RFC 5626). */
  readonly isOutbound: boolean;
}

/** Reads what a REGISTER wants (RFC 3261 s. 10.3, steps 6 and 7); refused as a whole when any part of it is wrong. */
export function readRegister(
  message: Core.IncomingRequestMessage,
  life: ContactLife,
  wayBack: WayBack,
): RegisterOrder | StatelessReply {
  const contacts = message.headers.Contact ?? [];
  const expires = readSeconds(message.getHeader('expires'));
  if (expires === 'wrong') return refuse(400, 'Malformed Expires Header');
  if (contacts.some(({ raw }) => raw === '*')) {
    const isAlone = contacts.length === 1 && expires === 0;
    return isAlone ? { order: { do: 'clear' }, isOutbound: false } : refuse(400, 'Contact * needs Expires 0');
  }
  if (contacts.length > maxPhonesPerAccount) return refuse(400, `At most ${maxPhonesPerAccount} Contacts`);
  if (contacts.length === 0) return { order: { do: 'list' }, isOutbound: false };
  const read = contacts.map(({ raw }) => readContact(raw, message, { expires: expires ?? life.usual, life, wayBack }));
  const refused = read.find((one) => 'code' in one);
  if (refused !== undefined && 'code' in refused) return refused;
  const wanted = read.flatMap((one) => ('code' in one ? [] : [one]));
  if (new Set(wanted.map(({ key }) => key)).size < wanted.length) return refuse(400, 'A Contact comes twice');
  return { order: { do: 'set', contacts: wanted }, isOutbound: wanted.some(({ regId }) => regId !== undefined) };
}

const refuse = (code: number, phrase: string, ...headers: string[]): StatelessReply => ({ code, phrase, headers });

interface Reading {
  readonly expires: number;
  readonly life: ContactLife;
  readonly wayBack: WayBack;
}

type WantedContact = PhonePlace & { readonly expiresS: number };

function readContact(
  raw: string,
  message: Core.IncomingRequestMessage,
  { expires, life, wayBack }: Reading,
): WantedContact | StatelessReply {
  const header = parseNameAddr(raw);
  const { uri } = header ?? {};
  if (header === undefined || !(uri instanceof WireUri) || !/^sips?$/.test(uri.scheme) || raw.length > maxPhoneUriChars)
    return refuse(400, 'Contact needs a sip URI');
  const own = readSeconds(header.getParam('expires') ?? undefined);
  const q = readQ(header.getParam('q'));
  if (own === 'wrong' || q === undefined) return refuse(400, 'Malformed Contact Header');
  const asked = own ?? expires;
  // RFC 3261 s. 10.3 (7): only what is brief and no removal.
  if (asked > 0 && asked < life.min) return refuse(423, 'Interval Too Brief', `Min-Expires: ${life.min}`);
  const outbound = outboundFlow(header, message);
  return {
    key: contactKey(uri, outbound),
    contact: uri.toRaw(),
    q,
    expiresS: Math.min(asked, life.max),
    ...outbound,
    path: wayBack(uri, outbound !== undefined),
  };
}

/** RFC 5626 s. 6: only where phone and every proxy between have said that they keep it up. */
function outboundFlow(header: NameAddrHeader, message: Core.IncomingRequestMessage): OutboundFlow | undefined {
  const instance = header.getParam('+sip.instance');
  const regId = header.getParam('reg-id');
  const isOffered = /\boutbound\b/i.test(message.getHeaders('supported').join());
  if (!isOffered || typeof instance !== 'string' || !/^\d{1,9}$/.test(regId ?? '')) return undefined;
  return { instance: instance.replace(/^"|"$/g, ''), regId: Number(regId) };
}

/** @returns `undefined` where nothing is said */
function readSeconds(text: string | undefined): number | 'wrong' | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,10}$/.test(text.trim()) ? Number(text) : 'wrong';
}

/** RFC 3261 s. 25.1, qvalue. @returns thousandths; `undefined` when malformed */
function readQ(text: string | null | undefined): number | undefined {
  if (text === undefined) return 1000;
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text ?? '') ? Math.round(Number(text) * 1000) : undefined;
}

/** The Path that proxies between have written (RFC 3327 s. 5), the one next to us first. @returns `undefined` when malformed */
export function readPath(message: Core.IncomingRequestMessage): readonly string[] | undefined {
  const values = message.getHeaders('path').flatMap((value) => splitOutsideQuotes(value, ','));
  const path = values.map((value) => value.trim()).filter((value) => value !== '');
  const isRight = path.length <= 8 && path.every((one) => one.length <= maxPhoneUriChars && isLooseRoute(one));
  return isRight ? path : undefined;
}

function isLooseRoute(text: string): boolean {
  const uri = parseNameAddr(text)?.uri;
  return uri !== undefined && /^sips?$/.test(uri.scheme) && uri.getParam('lr') !== undefined;
}
