import { parseSipAddress, withoutScheme } from '@sylk/protocol/sip-address.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import { isSipsUri } from '../transport/outgoing-text.ts';
import type { ElsewhereAccount } from './account.ts';

/**
 * The outbound proxy as a loose route (RFC 3261 s. 8.1.2).
 *
 * @param text a SIP URI, with or without scheme
 * @throws Error when it is none
 */
export function routeBy(text: string): string {
  const address = parseSipAddress(withoutScheme(text));
  if (address === undefined) throw new Error(`not a SIP proxy: '${text}', expected for instance sip:proxy.example.org`);
  const host = `${address.host}${address.port === undefined ? '' : `:${address.port}`}`;
  return `<${isSipsUri(text) ? 'sips' : 'sip'}:${host}${address.parameters};lr>`;
}

/** The way of a REGISTER: by the outbound proxy, or straight to the domain. */
export const registerRoutes = ({ proxy }: ElsewhereAccount): readonly string[] =>
  proxy === undefined ? [] : [routeBy(proxy)];

/**
 * The way of calls: by the outbound proxy, then by the service route (RFC 3608 s. 6.1). Where the provider gave none,
 * calls go by its domain, as it has to answer for the caller.
 */
export function callRoutes(account: ElsewhereAccount, serviceRoutes: readonly string[]): readonly string[] {
  const proxies = registerRoutes(account);
  if (serviceRoutes.length === 0) return proxies.length > 0 ? proxies : [`<sip:${hostOf(account)};lr>`];
  const [proxy] = proxies;
  const [first] = serviceRoutes;
  return proxy !== undefined && placeOf(proxy) !== placeOf(first) ? [proxy, ...serviceRoutes] : serviceRoutes;
}

/** The provider's domain. */
export const hostOf = ({ aor }: ElsewhereAccount): string => aor.slice(aor.lastIndexOf('@') + 1);

function placeOf(route: string | undefined): string | undefined {
  const uri = route === undefined ? undefined : parseNameAddr(route)?.uri;
  return uri && `${uri.host.toLowerCase()}:${uri.port ?? ''}`;
}
