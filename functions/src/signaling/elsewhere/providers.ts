import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { parseSipAddress, withoutScheme } from '@sylk/protocol/sip-address.ts';

/** A domain elsewhere whose accounts may be used here; `*` stands for any. */
export interface Provider {
  readonly domain: string;
  /** A SIP URI that all requests to it go by first; absent: DNS tells the way. */
  readonly proxy?: string;
}

export type Providers = readonly Provider[];

/** Any domain, by DNS. */
export const anyProvider: Providers = [{ domain: '*' }];

/** The allowed form of the setting, for error texts. */
export const providersForm =
  "'*', 'none', or domains separated by commas, each perhaps with its proxy, such as example.org=sip:proxy.example.org";

/** An account of a provider, as it is kept here: user as written, domain in lower case, nothing else. */
export interface AccountElsewhere {
  readonly aor: Aor;
  readonly user: string;
  readonly domain: string;
  readonly provider: Provider;
}

/** @returns undefined when its provider is not allowed, or it is no `user@domain` */
export const accountElsewhere = (providers: Providers, address: string): AccountElsewhere | undefined => {
  const parsed = parseSipAddress(address);
  if (parsed?.user === undefined || parsed.port !== undefined) return undefined;
  const { user, host: domain } = parsed;
  const provider = providers.find((one) => one.domain === domain) ?? providers.find((one) => one.domain === '*');
  return provider && { aor: aor(`${user}@${domain}`), user, domain, provider };
};

/**
 * Reads the setting: `*`, `none`, or domains separated by commas, each perhaps with its proxy.
 *
 *     example.org, provider.example=sip:proxy.provider.example;transport=tls
 *
 * @returns undefined when it is malformed
 */
export const parseProviders = (text: string): Providers | undefined => {
  if (text === 'none') return [];
  const providers = text.split(',').map((item) => toProvider(item.trim()));
  return providers.every((one) => one !== undefined) ? providers : undefined;
};

const toProvider = (text: string): Provider | undefined => {
  const [domain = '', ...rest] = text.split('=');
  const proxy = rest.join('=');
  const host = domain === '*' ? domain : hostOf(domain);
  if (host === undefined || (rest.length > 0 && parseSipAddress(withoutScheme(proxy)) === undefined)) return undefined;
  return { domain: host, ...(rest.length === 0 ? {} : { proxy }) };
};

const hostOf = (text: string): string | undefined => {
  const parsed = parseSipAddress(text);
  return parsed !== undefined && parsed.user === undefined && parsed.host === text.toLowerCase()
    ? parsed.host
    : undefined;
};
