import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { parseSipAddress } from '@sylk/protocol/sip-address.ts';
import { causeOf, type EndCause } from './end-cause.ts';
import { telephoneNumber } from './telephone-number.ts';

/** What is ours: the domain, the other names of this machine, and the port where it takes SIP. */
export interface OwnNames {
  readonly domain: string;
  readonly aliases: readonly string[];
  readonly sipPort: number;
}

export type Route =
  /** The gateway's own echo, which answers always. */
  | { readonly to: 'echo' }
  /** An address of ours, under its main domain. */
  | { readonly to: 'account'; readonly aor: Aor; readonly credentials?: string }
  /** A telephone number, for whoever may dial some. */
  | { readonly to: 'number'; readonly number: string }
  /** One of our phones, whose flow ends at this edge. */
  | { readonly to: 'phone'; readonly place: PhonePlace }
  /** Anything else that SIP may find (RFC 3263), as the person typed it. */
  | { readonly to: 'sip'; readonly uri: string }
  | { readonly to: 'nowhere'; readonly cause: EndCause };

/** The user part that is answered by the gateway itself on each domain of ours. */
const echoUser = 'echo';

/** Decides where a call to `uri` goes; `sip:` in front says SIP and changes nothing else. */
export function route(uri: string, own: OwnNames): Route {
  // An XMPP address passes for a SIP one with a password in it, so it has to be seen first.
  if (/^xmpp:/i.test(uri)) return nowhere(488, 'calls to XMPP addresses are not available on this server');
  const bare = uri.includes('@') ? undefined : telephoneNumber(uri);
  if (bare !== undefined) return { to: 'number', number: bare };
  const address = parseSipAddress(uri);
  if (address === undefined) return nowhere(404, `not an address: '${uri}', expected 'user@domain'`);
  if (!isOwn(address, own)) return { to: 'sip', uri };
  if (address.user === undefined) return nowhere(404, `'${uri}' names nobody, expected 'user@domain'`);
  if (address.user.toLowerCase() === echoUser) return { to: 'echo' };
  const number = telephoneNumber(address.user);
  // No address here is made of digits only.
  if (number !== undefined) return { to: 'number', number };
  return { to: 'account', aor: aor(`${address.user}@${own.domain}`) };
}

/** Another port on a host of ours is another SIP server, such as a phone on the same machine. */
function isOwn(address: { host: string; port?: number }, own: OwnNames): boolean {
  if (address.host === own.domain) return true;
  return own.aliases.includes(address.host) && (address.port === undefined || address.port === own.sipPort);
}

const nowhere = (code: number, detail: string): Route => ({ to: 'nowhere', cause: causeOf(code, 'gateway', detail) });
