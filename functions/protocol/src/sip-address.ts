import { type Aor, aor } from './ids.ts';

/** A SIP URI in its parts (RFC 3261 s. 19.1.1), the scheme apart. */
export interface SipAddress {
  /** As written, escapes included; absent in `sip:example.org`. */
  readonly user?: string;
  /** Host name, IPv4, or IPv6 in brackets; in lower case. */
  readonly host: string;
  readonly port?: number;
  /** `;transport=tcp`, or empty. */
  readonly parameters: string;
  /** `?subject=x`, or empty. */
  readonly headers: string;
}

// RFC 3261 s. 25.1. A host label may also have `_`, which many networks use and the SIP stacks take.
const user = "(?<user>(?:[\\w.!~*'()&=+$,;?/-]|%[0-9a-fA-F]{2})+)";
const password = "(?::(?:[\\w.!~*'()&=+$,-]|%[0-9a-fA-F]{2})*)?";
const label = '[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?';
const host = `(?<host>${label}(?:\\.${label})*\\.?|\\[[0-9a-fA-F:.]+\\])`;
const port = '(?::(?<port>\\d{1,5}))?';
const parameterText = "(?:[\\w.!~*'()[\\]/:&+$-]|%[0-9a-fA-F]{2})+";
const parameters = `(?<parameters>(?:;${parameterText}(?:=${parameterText})?)*)`;
const headers = "(?<headers>(?:\\?(?:[\\w.!~*'()[\\]/?:+$&=-]|%[0-9a-fA-F]{2})+)?)";
// A second scheme would read as user `sip` with a password, and become another address once it is taken off too.
const pattern = new RegExp(`^(?![sS][iI][pP][sS]?:)(?:${user}${password}@)?${host}${port}${parameters}${headers}$`);

/**
 * Reads a SIP URI with or without its scheme.
 *
 * @returns `undefined` when it is none (RFC 3261 s. 25.1)
 */
export const parseSipAddress = (text: string): SipAddress | undefined => {
  const groups = pattern.exec(withoutScheme(text))?.groups;
  if (groups?.host === undefined) return undefined;
  const port = groups.port === undefined ? undefined : Number(groups.port);
  if (port !== undefined && port > 65535) return undefined;
  return {
    user: groups.user,
    host: groups.host.toLowerCase(),
    port,
    parameters: groups.parameters ?? '',
    headers: groups.headers ?? '',
  };
};

/** Removes one leading `sip:` or `sips:`, in any case (RFC 3261 s. 19.1.4); sylkRTC writes addresses without. */
export const withoutScheme = (text: string): string => text.replace(/^sips?:/i, '');

/**
 * Makes the id under which an account is kept and compared: user as it is, domain in lower case
 * (RFC 3261 s. 19.1.4), no port, parameters or headers. Text that is no SIP URI stays as it is.
 */
export const toAor = (text: string): Aor => {
  const address = parseSipAddress(text);
  if (address === undefined) return aor(text);
  return aor(address.user === undefined ? address.host : `${address.user}@${address.host}`);
};

/** The part after `@`, in lower case; the whole text when there is none. */
export const domainOf = (address: string): string =>
  parseSipAddress(address)?.host ?? address.slice(address.lastIndexOf('@') + 1).toLowerCase();
