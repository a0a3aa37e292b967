import { isIP } from 'node:net';
import { join } from 'node:path';
import { addressesPerHour, callsPerMinute, maxConnectionsPerAddress } from '@sylk/protocol/limits.ts';
import { type SettingName, settingNames } from '@sylk/protocol/settings.ts';
import { parseSipAddress } from '@sylk/protocol/sip-address.ts';
import { anyProvider, type Providers, parseProviders, providersForm } from './signaling/elsewhere/providers.ts';

/** The settings of the signaling process. */
export interface Config {
  /** Absent: what the data folder remembers, else the announced address. */
  readonly domain?: string;
  readonly publicAddress?: string;
  /** Address to listen on; absent: all. */
  readonly httpAddress?: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly dataDir: string;
  /** Origins of pages that may use this server; empty: its own only. */
  readonly webOrigins: readonly string[];
  readonly edgeToken?: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  readonly acmeEmail?: string;
  /** Networks in CIDR form whose members may read the metrics. */
  readonly peerNetworks: readonly string[];
  /** The providers whose accounts may be used here. */
  readonly providers: Providers;
  readonly addressesPerHour: number;
  readonly callsPerMinute: number;
  readonly connectionsPerAddress: number;
  readonly logLevel: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is wrong; the text names it and the allowed form. */
export class SettingError extends Error {
  constructor(name: string, value: string, expected: string) {
    super(`${name} is '${value}', expected ${expected}`);
    this.name = 'SettingError';
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * Reads the settings from the environment. An empty value counts as absent.
 *
 * @param root folder of the checkout, which holds the data folder by default
 * @throws SettingError for a wrong value or an unknown `SYLK_` name
 */
export const readConfig = (environment: Environment, root: string): Config => {
  refuseUnknown(environment);
  const read = <Value>(name: SettingName, parse: (value: string) => Value | undefined, expected: string) => {
    const value = environment[name];
    if (value === undefined || value === '') return undefined;
    const parsed = parse(value);
    if (parsed === undefined) throw new SettingError(name, value, expected);
    return parsed;
  };
  const text = (name: SettingName) => read(name, (value) => value, 'text');
  const port = (name: SettingName) =>
    read(name, wholeNumber(0, 65535), 'a port from 1 to 65535, or 0 for any that is free');
  const limit = (name: SettingName) => read(name, wholeNumber(1, 1_000_000_000), 'a whole number from 1');
  const address = (name: SettingName) =>
    read(name, (value) => (isIP(value) ? value : undefined), 'an IPv4 or IPv6 address');
  return {
    domain: read('SYLK_DOMAIN', parseDomain, 'a host name or an address, such as sip.example.org'),
    publicAddress: address('SYLK_PUBLIC_ADDRESS'),
    httpAddress: address('SYLK_HTTP_ADDRESS'),
    httpPort: port('SYLK_HTTP_PORT') ?? 8080,
    httpsPort: port('SYLK_HTTPS_PORT') ?? 8443,
    dataDir: text('SYLK_DATA_DIR') ?? join(root, 'data'),
    webOrigins:
      read('SYLK_WEB_ORIGINS', parseOrigins, "'*', or origins separated by commas, such as https://www.example.org") ??
      [],
    edgeToken: read(
      'SYLK_EDGE_TOKEN',
      (value) => (value.length >= 22 ? value : undefined),
      'a secret of at least 22 characters',
    ),
    tls: tlsFiles(text('SYLK_TLS_CERT'), text('SYLK_TLS_KEY')),
    acmeEmail: read('SYLK_ACME_EMAIL', (value) => (value.includes('@') ? value : undefined), 'an e-mail address'),
    peerNetworks:
      read(
        'SYLK_PEER_NETWORKS',
        parseNetworks,
        "networks separated by commas, such as 192.0.2.0/24,2001:db8::/32, or 'none'",
      ) ?? [],
    // Who may be called may be a provider as well: the edge goes to neither in networks that are closed to it.
    providers: read('SYLK_FOREIGN_ACCOUNTS', parseProviders, providersForm) ?? anyProvider,
    addressesPerHour: limit('SYLK_ADDRESSES_PER_HOUR') ?? addressesPerHour,
    callsPerMinute: limit('SYLK_CALLS_PER_MINUTE') ?? callsPerMinute,
    connectionsPerAddress: limit('SYLK_CONNECTIONS_PER_ADDRESS') ?? maxConnectionsPerAddress,
    logLevel:
      read('SYLK_LOG_LEVEL', (value) => logLevels.find((level) => level === value), logLevels.join(', ')) ?? 'info',
  };
};

const refuseUnknown = (environment: Environment): void => {
  const known: readonly string[] = settingNames;
  const unknown = Object.keys(environment).find((name) => name.startsWith('SYLK_') && !known.includes(name));
  if (unknown === undefined) return;
  throw new SettingError(
    unknown,
    environment[unknown] ?? '',
    `one of ${known.join(', ')}: there is no setting of this name`,
  );
};

const wholeNumber = (least: number, most: number) => (value: string) => {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
};

const parseDomain = (value: string): string | undefined => {
  const parsed = parseSipAddress(value);
  const isPlain = parsed !== undefined && parsed.user === undefined && parsed.host === value.toLowerCase();
  return isPlain ? parsed.host : undefined;
};

const parseOrigins = (value: string): readonly string[] | undefined => {
  const origins = value.split(',').map((origin) => origin.trim());
  const isOrigin = (origin: string) => origin === '*' || /^https?:\/\/[^/\s]+$/.test(origin);
  return origins.every(isOrigin) ? origins : undefined;
};

const parseNetworks = (value: string): readonly string[] | undefined => {
  if (value === 'none') return [];
  const networks = value.split(',').map((network) => network.trim());
  return networks.every(isNetwork) ? networks : undefined;
};

const isNetwork = (network: string): boolean => {
  const [address = '', prefix = '', ...rest] = network.split('/');
  const family = isIP(address);
  return family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
};

const tlsFiles = (certFile: string | undefined, keyFile: string | undefined) => {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined) throw new SettingError('SYLK_TLS_CERT', '', 'a file, because SYLK_TLS_KEY is given');
  if (keyFile === undefined) throw new SettingError('SYLK_TLS_KEY', '', 'a file, because SYLK_TLS_CERT is given');
  return { certFile, keyFile };
};
