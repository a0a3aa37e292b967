import { parseSipAddress, type SipAddress, withoutScheme } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import { parseNameAddr } from '../message/name-addr.ts';
import { splitOutsideQuotes } from '../message/parameters.ts';
import { isSipsUri } from '../transport/outgoing-text.ts';

/** Where a called server says that somebody is to be found instead (RFC 3261 s. 8.1.3.4); bounded, and never in circles. */
export class Redirects {
  readonly #seen: Set<string>;
  readonly #waiting: string[] = [];
  readonly #isSips: boolean;
  #followed = 0;

  /** @param isSips only secure addresses are taken (RFC 5630 s. 3.3) */
  constructor(called: string, isSips: boolean) {
    this.#isSips = isSips;
    this.#seen = new Set([keyOf(`${isSips ? 'sips' : 'sip'}:${called}`)]);
  }

  /** Takes the addresses of a 3xx. */
  add(message: Core.IncomingResponseMessage): void {
    const contacts = message
      .getHeaders('contact')
      .flatMap((value) => splitOutsideQuotes(value, ','))
      .flatMap(readContact);
    for (const { uri } of contacts.sort((one, other) => other.q - one.q)) {
      const isFit = this.#isSips ? /^sips:/i.test(uri) : /^sips?:/i.test(uri);
      if (!isFit || this.#seen.has(keyOf(uri))) continue;
      this.#seen.add(keyOf(uri));
      this.#waiting.push(uri);
    }
  }

  next(): Redirection | undefined {
    if (this.#followed >= maxFollowed) return undefined;
    this.#followed++;
    const uri = this.#waiting.shift();
    const address = parseSipAddress(withoutScheme(uri ?? ''));
    if (uri === undefined || address?.user === undefined) return undefined;
    return { uri, address, isSips: isSipsUri(uri) };
  }
}

export interface Redirection {
  readonly uri: string;
  readonly address: SipAddress;
  readonly isSips: boolean;
}

export const isRedirection = ({ statusCode = 0 }: Core.IncomingResponseMessage): boolean =>
  statusCode >= 300 && statusCode < 400;

function readContact(text: string): { uri: string; q: number }[] {
  const contact = parseNameAddr(text);
  if (contact === undefined) return [];
  const q = Number(contact.getParam('q') ?? 1);
  return [{ uri: contact.uri.toString(), q: Number.isFinite(q) ? q : 1 }];
}

const keyOf = (uri: string): string => uri.toLowerCase();

/** A call goes on to so many addresses at most. */
const maxFollowed = 5;
