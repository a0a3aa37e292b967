/** The network that will carry a call, as far as the text alone tells. */
export type Network = 'here' | 'sip' | 'xmpp';

/** What is wrong with a text that can no longer become an address by typing on. */
export type AddressFault = 'spaces' | 'several-at' | 'name' | 'domain' | 'needs-domain' | 'scheme';

/**
 * What the text in the address field means at this moment.
 * `unfinished` is silent on purpose: nobody is corrected while typing the first half.
 */
export type TypedAddress =
  | { readonly kind: 'empty' }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'wrong'; readonly fault: AddressFault }
  | { readonly kind: 'address'; readonly uri: string; readonly network: Network };

const schemes: ReadonlyMap<string, Network> = new Map([
  ['sip', 'sip'],
  ['sips', 'sip'],
  ['xmpp', 'xmpp'],
]);

/**
 * Reads what a person typed or pasted: `bob@example.org`, `sip:` and `xmpp:` forms, `"Bob" <sip:bob@example.org>`,
 * a call link `https://host/call/bob@example.org`, or a bare name on our own domain.
 *
 * @param ownDomain domain of the gateway, which completes a bare name; unknown until the gateway has said it
 * @returns for XMPP the address with its scheme, so that the gateway is not left to guess, and for `sips:` too, which
 *   asks for TLS on every hop (RFC 3261 s. 19.1); otherwise `user@domain`
 */
export function readTypedAddress(text: string, ownDomain: string | undefined): TypedAddress {
  const bare = unwrap(text.trim());
  if (bare === '') return { kind: 'empty' };
  const { scheme, rest } = splitScheme(bare);
  if (scheme !== undefined && !schemes.has(scheme)) return { kind: 'wrong', fault: 'scheme' };
  return readParts(stripParameters(rest), scheme, ownDomain);
}

/** A link to a call or an address in angle brackets, reduced to the address it carries. */
function unwrap(text: string): string {
  const bracketed = /<([^<>]+)>\s*$/.exec(text);
  const inner = bracketed?.[1] ?? text;
  const link = /^https?:\/\/[^/]+\/call\/([^/?#]+)/i.exec(inner);
  return link?.[1] === undefined ? inner.trim() : decode(link[1]).trim();
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    // A stray percent sign is taken literally: the domain check explains what is wrong with it.
    if (error instanceof URIError) return part;
    throw error;
  }
}

function splitScheme(text: string): { scheme: string | undefined; rest: string } {
  const match = /^([a-z][a-z0-9+.-]*):(?:\/\/)?(.*)$/i.exec(text);
  // `bob@host:5070` has a colon too, but its `@` comes first.
  if (match?.[1] === undefined || match[2] === undefined) return { scheme: undefined, rest: text };
  return { scheme: match[1].toLowerCase(), rest: match[2] };
}

/** RFC 3261 s. 19.1.1: parameters after `;`, headers after `?`; RFC 5122 has its query after `?`. */
function stripParameters(rest: string): string {
  return rest.replace(/[;?].*$/s, '').trim();
}

function readParts(text: string, scheme: string | undefined, ownDomain: string | undefined): TypedAddress {
  if (/\s/.test(text) && !isNumber(text)) return { kind: 'wrong', fault: 'spaces' };
  const at = text.indexOf('@');
  if (at === -1) return readBareName(text.replace(/[\s()]/g, ''), ownDomain);
  if (text.indexOf('@', at + 1) !== -1) return { kind: 'wrong', fault: 'several-at' };
  return readPair(text.slice(0, at), text.slice(at + 1), scheme, ownDomain);
}

function readBareName(name: string, ownDomain: string | undefined): TypedAddress {
  if (name === '') return { kind: 'unfinished' };
  if (!isUserPart(name)) return { kind: 'wrong', fault: 'name' };
  if (ownDomain === undefined) return { kind: 'unfinished' };
  return { kind: 'address', uri: `${name}@${ownDomain}`, network: 'here' };
}

function readPair(user: string, host: string, scheme: string | undefined, ownDomain: string | undefined): TypedAddress {
  if (user === '' || !isUserPart(user)) return { kind: 'wrong', fault: 'name' };
  if (host === '') return { kind: 'unfinished' };
  const domain = host.toLowerCase();
  if (!/^[a-z0-9.:[\]-]+$/.test(domain)) return { kind: 'wrong', fault: 'domain' };
  if (!isHost(domain)) return { kind: 'unfinished' };
  const network = scheme === undefined ? undefined : schemes.get(scheme);
  if (network !== undefined && scheme !== 'sip')
    return { kind: 'address', uri: `${scheme}:${user}@${domain}`, network };
  const isOurs = ownDomain !== undefined && domain === ownDomain.toLowerCase();
  return { kind: 'address', uri: `${user}@${domain}`, network: isOurs ? 'here' : 'sip' };
}

/**
 * The fault to show once the person asks for the call: what was still unfinished is now a fault.
 *
 * @returns undefined when the text is an address
 */
export function faultOf(typed: TypedAddress): AddressFault | undefined {
  if (typed.kind === 'address') return undefined;
  return typed.kind === 'wrong' ? typed.fault : 'needs-domain';
}

/** A telephone number as people write it; the gateway decides whether it can be dialled. */
function isNumber(text: string): boolean {
  return /^\+?[\d\s().-]+$/.test(text);
}

/** RFC 3261 s. 25.1 `user`, without the escapes that nobody types. */
function isUserPart(user: string): boolean {
  return /^[\p{L}\p{N}\-_.!~*'()&=+$,;?/%#]+$/u.test(user);
}

/** A host name of at least one label, an IPv4 address or an IPv6 reference, with an optional port. */
function isHost(domain: string): boolean {
  if (/^\[[0-9a-f:.]+\](:\d{1,5})?$/.test(domain)) return true;
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$/.test(domain);
}
