import { hash } from 'node:crypto';
import type { WireUri } from '../message/wire-uri.ts';

/** One flow of one phone (RFC 5626 s. 4.2). */
export interface OutboundFlow {
  /** As written: `<urn:uuid:...>`. */
  readonly instance: string;
  readonly regId: number;
}

/**
 * Names a contact among those of its account. Of a phone that keeps flows it is the flow (RFC 5626 s. 5.2), else the
 * URI as RFC 3261 s. 19.1.4 compares it: what may be left out or differ in case does not make it another one.
 */
export function contactKey(uri: WireUri, outbound: OutboundFlow | undefined): string {
  if (outbound !== undefined) return short(`flow ${outbound.instance.toLowerCase()} ${outbound.regId}`);
  const compared = ['user', 'ttl', 'method', 'maddr', 'transport'].map((name) => uri.getParam(name) ?? '');
  const place = [uri.scheme, uri.user ?? '', uri.host.toLowerCase(), uri.port ?? ''];
  return short(`contact ${[...place, ...compared.map((value) => value.toLowerCase())].join(' ')}`);
}

const short = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);
