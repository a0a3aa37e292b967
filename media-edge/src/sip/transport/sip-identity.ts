import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** The parts of a certificate that say whose it is; `X509Certificate` has them. */
export type Certificate = Pick<X509Certificate, 'subject' | 'subjectAltName'>;

/**
 * The SIP domains that a certificate speaks for (RFC 5922 s. 7.1): those of its `sip:` URIs without a user, else
 * its host names and addresses, else, in a certificate without alternative names, its common name.
 *
 * @returns names in lower case
 */
export function sipIdentities({ subject, subjectAltName }: Certificate): string[] {
  if (subjectAltName === undefined || subjectAltName === '') return commonNames(subject);
  const names = alternativeNames(subjectAltName);
  const uris = names.flatMap(([kind, value]) => (kind === 'URI' ? domainOfUri(value) : []));
  if (uris.length > 0) return uris;
  return names.flatMap(([kind, value]) => (kind === 'DNS' || kind === 'IP Address' ? [value.toLowerCase()] : []));
}

/**
 * Why a certificate does not prove that its owner is this domain (RFC 5922 s. 7.2).
 *
 * @param domain as in the URI that was called, without brackets
 * @returns `undefined` when it does
 */
export function identityProblem(domain: string, identities: readonly string[]): string | undefined {
  if (identities.some((name) => isSameDomain(name, domain))) return undefined;
  const shown = identities.length === 0 ? 'nobody' : identities.slice(0, 5).join(', ');
  return `its certificate is for ${shown}, not for ${domain}`;
}

/** The whole name in any case: the RFC allows no wildcard, as whoever has one host does not speak for a domain. */
function isSameDomain(name: string, domain: string): boolean {
  if (isIP(name) !== 0 || isIP(domain) !== 0) return canonical(name) === canonical(domain);
  return name.toLowerCase() === domain.toLowerCase().replace(/\.$/, '');
}

/** One way to write an IPv6 address, of the many that there are. */
const canonical = (address: string): string =>
  isIP(address) === 6 ? new URL(`http://[${address}]/`).hostname : address.toLowerCase();

const domainOfUri = (uri: string): string[] => {
  const host = /^sip:(\[[0-9a-f:.]+\]|[^@:;?/[\]]+)$/i.exec(uri)?.[1];
  return host === undefined ? [] : [host.replace(/^\[|\]$/g, '').toLowerCase()];
};

const commonNames = (subject: string | undefined): string[] =>
  (subject ?? '').split('\n').flatMap((line) => (line.startsWith('CN=') ? [line.slice(3).toLowerCase()] : []));

/** `DNS:a.example, URI:"sip:b, c"`: what Node makes of the extension; values with special characters are JSON strings. */
function alternativeNames(text: string): [kind: string, value: string][] {
  const found: [string, string][] = [];
  for (const [, kind = '', quoted, plain = ''] of text.matchAll(entry)) {
    found.push([kind, quoted === undefined ? plain : unquoted(quoted)]);
  }
  return found;
}

const entry = /(?:^|, )([A-Za-z ]+):(?:("(?:[^"\\]|\\.)*")|([^,"]*))(?=, |$)/g;

const unquoted = (text: string): string => {
  const value: unknown = JSON.parse(text);
  return typeof value === 'string' ? value : '';
};
