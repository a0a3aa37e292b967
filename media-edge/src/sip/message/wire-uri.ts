import { parseSipAddress } from '@sylk/protocol/sip-address.ts';
import { URI } from 'sip.js';
import { parseParameters } from './parameters.ts';

/**
 * A URI that is written again exactly as it was read: a peer's Contact must come back unchanged
 * (RFC 3261 s. 12.2.1.1), while sip.js would escape characters anew.
 */
export class WireUri extends URI {
  readonly #text: string;
  readonly #parts: UriParts;

  constructor(text: string, parts: UriParts) {
    super(parts.scheme, parts.user ?? '', parts.host, parts.port, parts.parameters);
    this.#text = text;
    this.#parts = parts;
  }

  /** The same, which passes for a `sip` URI and is still written as it was read. */
  asSip(): WireUri {
    return new WireUri(this.#text, { ...this.#parts, scheme: 'sip' });
  }

  override clone(): WireUri {
    return new WireUri(this.#text, this.#parts);
  }

  override toRaw(): string {
    return this.#text;
  }

  override toString(): string {
    return this.#text;
  }
}

interface UriParts {
  readonly scheme: string;
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
  readonly parameters?: Record<string, string | null>;
}

/**
 * Reads any absolute URI; only `sip` and `sips` are taken apart.
 *
 * @returns `undefined` when it is none (RFC 3261 s. 25.1)
 */
export function parseUri(text: string): WireUri | undefined {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, colon).toLowerCase();
  if (colon < 1 || !/^[a-z][a-z0-9+.-]*$/.test(scheme)) return undefined;
  if (scheme === 'sip' || scheme === 'sips') return parseSipUri(text, scheme, text.slice(colon + 1));
  if (!/^[\x21-\x7e]+$/.test(text) || /[<>"]/.test(text) || text.length === colon + 1) return undefined;
  // sip.js wants a host of every URI; nobody is called by this one.
  return new WireUri(text, { scheme, user: text.slice(colon + 1), host: 'no-host.invalid' });
}

function parseSipUri(text: string, scheme: string, rest: string): WireUri | undefined {
  const address = parseSipAddress(rest);
  if (address === undefined) return undefined;
  const parameters = parseParameters(address.parameters);
  if (parameters === undefined) return undefined;
  return new WireUri(text, { scheme, user: address.user, host: address.host, port: address.port, parameters });
}
