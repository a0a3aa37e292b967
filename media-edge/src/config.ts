import { isIP } from 'node:net';
import { join } from 'node:path';
import type { DigestAlgorithm } from '@sylk/protocol/digest-claim.ts';
import { maxCallMinutes, maxCallsPerAccount, maxCallsPerEdge, maxCallsPerSource } from '@sylk/protocol/limits.ts';
import { type SettingName, settingNames } from '@sylk/protocol/settings.ts';
import { parseSipAddress } from '@sylk/protocol/sip-address.ts';
import { callDomainForm, callDomainList } from './network/call-domains.ts';
import { peerNetworks } from './network/peer-networks.ts';
import { type CodecOrder, orderableCodecs, pictureCodecs } from './sip/media/codec-order.ts';
import type { MediaPolicy } from './sip/media/media-policy.ts';

/** The settings of the edge process. */
export interface Config {
  readonly dataDir: string;
  /** Where signaling takes edges: `ws://127.0.0.1:8080/edge/v1`. */
  readonly edgeUrl: string;
  /** The secret of the link; absent: the one in the data folder. */
  readonly edgeToken?: string;
  readonly publicAddress?: string;
  /** Address that SIP listens on; absent: all. */
  readonly sipAddress?: string;
  readonly sipPort: number;
  /** Port of SIP over TLS; absent: that is not spoken. */
  readonly sipsPort?: number;
  /** The operator's certificate and its key, for SIP as for pages; absent: what signaling has in the data folder. */
  readonly tlsFiles?: TlsFiles;
  readonly tlsTrust: TlsTrust;
  /** SIP URI that all calls to elsewhere go by. */
  readonly sipProxy?: string;
  /** Encryption of the media of phones, and their codecs; see `MediaPolicy`. */
  readonly sipMedia: MediaPolicy;
  /** Algorithms that phones of ours are asked for, the strongest first; many know MD5 only, and fail at the sight of others. */
  readonly sipDigest: readonly DigestAlgorithm[];
  /** File that describes the trunks, or that description itself; absent: there are none. */
  readonly trunks?: string;
  /** Domains that may be called, and with ! in front, that may not; see `callDomains`. */
  readonly callDomains: readonly string[];
  readonly callLimits: { readonly perAccount: number; readonly perEdge: number; readonly longestMs: number };
  /** Calls of one address that is no phone of ours. */
  readonly callsPerSource: number;
  /** The first ports are for browsers, UDP and TCP, one a worker; the others for plain RTP. Both ends included. */
  readonly mediaPorts: { readonly first: number; readonly last: number };
  /** Networks besides the Internet whose members may be peers; absent: the machine's own private ones. */
  readonly peerNetworks?: readonly string[];
  /** Path of the mediasoup worker; absent: the one in the package. */
  readonly workerBin?: string;
  /** Loopback port of the metrics; absent: none. */
  readonly metricsPort?: number;
  /** API through which frames reach browsers without a detour by signaling: `https://.../stage`; absent: the link. */
  readonly browserApi?: string;
  /** How long calls may go on after the edge was told to end, in s. */
  readonly drainSeconds: number;
  /** Whether this runs in a task of ECS, each of which is told where to ask about itself. */
  readonly isEcsTask: boolean;
  readonly logLevel: string;
}

/** Whose certificates are believed over TLS. */
export interface TlsTrust {
  /** Those of the authorities that this machine knows. */
  readonly isSystem: boolean;
  /** Files with certificates of further authorities. */
  readonly files: readonly string[];
  /** Servers in `peerNetworks` may show any certificate. */
  readonly isLenientToPeers: boolean;
}

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is wrong; the text names it and the allowed form. */
export class SettingError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SettingError';
  }
}

/** @param cause what happened when the value was tried */
export const wrongSetting = (name: SettingName, value: string, expected: string, cause?: unknown): SettingError =>
  new SettingError(`${name} is '${value}', expected ${expected}`, { cause });

/**
 * Reads the settings from the environment. An empty value counts as absent.
 *
 * @param root folder of the checkout, which holds the data folder by default
 * @throws SettingError for a wrong value or an unknown `SYLK_` name
 */
export function readConfig(environment: Environment, root: string): Config {
  refuseUnknown(environment);
  const read = reader(environment);
  const sipPort = read('SYLK_SIP_PORT', portNumber, aPort) ?? 5060;
  const sipsPort = read('SYLK_SIPS_PORT', portOrNone, `${aPort}, or 'none'`) ?? sipPort + 1;
  return {
    dataDir: read('SYLK_DATA_DIR', present, 'a folder') ?? join(root, 'data'),
    edgeUrl: read('SYLK_EDGE_URL', webSocketUrl, 'a URL such as wss://signaling.example.org/edge/v1') ?? localUrl(read),
    edgeToken: read('SYLK_EDGE_TOKEN', longSecret, 'a secret of at least 22 characters'),
    publicAddress: read('SYLK_PUBLIC_ADDRESS', ipAddress, anAddress),
    sipAddress: read('SYLK_SIP_ADDRESS', ipAddress, anAddress),
    sipPort,
    ...(sipsPort !== 'none' && { sipsPort }),
    tlsFiles: tlsFiles(read),
    tlsTrust: read('SYLK_SIP_TLS_TRUST', tlsTrust, trustWords) ?? {
      isSystem: true,
      files: [],
      isLenientToPeers: false,
    },
    sipProxy: read('SYLK_SIP_PROXY', sipUri, 'a SIP URI such as sip:proxy.example.org;transport=tcp'),
    sipMedia: {
      encryption: read('SYLK_SIP_SRTP', srtpUse, 'off, optional or required'),
      codecs: read(
        'SYLK_SIP_CODECS',
        codecOrder,
        `codecs separated by commas, of ${orderableCodecs.join(', ')}, one of them for sound`,
      ),
    },
    sipDigest: read('SYLK_SIP_DIGEST', digestUse, 'md5, sha-256 or both') ?? ['MD5'],
    trunks: read('SYLK_TRUNKS', present, 'a file, or JSON'),
    callDomains: read('SYLK_CALL_DOMAINS', callDomainList, callDomainForm) ?? [],
    callLimits: {
      perAccount: read('SYLK_CALLS_PER_ACCOUNT', upTo(10_000), 'calls from 1 to 10000') ?? maxCallsPerAccount,
      perEdge: read('SYLK_CALLS_PER_EDGE', upTo(100_000), 'calls from 1 to 100000') ?? maxCallsPerEdge,
      longestMs: (read('SYLK_CALL_MINUTES', upTo(10_080), aWeekOfMinutes) ?? maxCallMinutes) * 60_000,
    },
    callsPerSource: read('SYLK_CALLS_PER_SOURCE', upTo(10_000), 'calls from 1 to 10000') ?? maxCallsPerSource,
    mediaPorts: read('SYLK_MEDIA_PORTS', portRange, 'a range of at least 10 ports such as 40000-49999') ?? {
      first: 40_000,
      last: 49_999,
    },
    peerNetworks: read(
      'SYLK_PEER_NETWORKS',
      networks,
      "networks separated by commas, such as 10.0.0.0/8,fd00::/8, or 'none'",
    ),
    workerBin: read('SYLK_WORKER_BIN', present, 'the path of a mediasoup worker'),
    metricsPort: read('SYLK_EDGE_METRICS_PORT', portNumber, aPort),
    browserApi: read('SYLK_BROWSER_API', webUrl, 'the https URL of an API and its stage'),
    drainSeconds: read('SYLK_DRAIN_SECONDS', drainSeconds, 'seconds from 0 to 172800, which is 48 hours') ?? 0,
    isEcsTask: Boolean(environment.ECS_CONTAINER_METADATA_URI_V4),
    logLevel: read('SYLK_LOG_LEVEL', logLevel, logLevels.join(', ')) ?? 'info',
  };
}

type Read = <Value>(
  name: SettingName,
  parse: (text: string) => Value | undefined,
  expected: string,
) => Value | undefined;

function reader(environment: Environment): Read {
  return (name, parse, expected) => {
    const text = environment[name];
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) throw wrongSetting(name, text, expected);
    return value;
  };
}

function refuseUnknown(environment: Environment): void {
  const known: readonly string[] = settingNames;
  const unknown = Object.keys(environment).find((name) => name.startsWith('SYLK_') && !known.includes(name));
  if (unknown === undefined) return;
  throw new SettingError(`${unknown} is no setting; there are ${known.join(', ')}`);
}

/** Signaling on the same machine, where it listens for everybody or on the one address that it was given. */
function localUrl(read: Read): string {
  const host = read('SYLK_HTTP_ADDRESS', ipAddress, anAddress) ?? '127.0.0.1';
  const port = read('SYLK_HTTP_PORT', portNumber, aPort) ?? 8080;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `ws://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/edge/v1`;
}

const aWeekOfMinutes = 'minutes from 1 to 10080, which is a week';
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const anAddress = 'an IPv4 or IPv6 address';
const aPort = 'a port from 1 to 65535';

const present = (text: string): string => text;
const longSecret = (text: string) => (text.length >= 22 ? text : undefined);
const ipAddress = (text: string) => (isIP(text) === 0 ? undefined : text);
const logLevel = (text: string) => logLevels.find((level) => level === text);
const sipUri = (text: string) => (parseSipAddress(text) === undefined ? undefined : text);

const srtpUse = (text: string) => (text === 'off' || text === 'optional' || text === 'required' ? text : undefined);

function digestUse(text: string): readonly DigestAlgorithm[] | undefined {
  if (text === 'both') return ['SHA-256', 'MD5'];
  if (text === 'md5') return ['MD5'];
  return text === 'sha-256' ? ['SHA-256'] : undefined;
}

function codecOrder(text: string): CodecOrder | undefined {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const order = names.flatMap((name) => orderableCodecs.find((known) => known.toLowerCase() === name) ?? []);
  const isKnown = order.length === names.length && new Set(order).size === order.length;
  return isKnown && order.some((name) => !pictureCodecs.has(name)) ? order : undefined;
}

function portNumber(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

const upTo = (most: number) => (text: string) => {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= most ? count : undefined;
};

const portOrNone = (text: string) => (text === 'none' ? text : portNumber(text));

function tlsFiles(read: Read): TlsFiles | undefined {
  const certFile = read('SYLK_TLS_CERT', present, 'a file');
  const keyFile = read('SYLK_TLS_KEY', present, 'a file');
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile !== undefined) throw wrongSetting('SYLK_TLS_KEY', '', 'a file, because SYLK_TLS_CERT is given');
  if (keyFile !== undefined) throw wrongSetting('SYLK_TLS_CERT', '', 'a file, because SYLK_TLS_KEY is given');
  return undefined;
}

const trustWords =
  "a list separated by commas of 'system', 'peer-networks' and files that begin with /, such as system,/etc/sylk/ca.pem";

function tlsTrust(text: string): TlsTrust | undefined {
  const words = text.split(',').map((word) => word.trim());
  const files = words.filter((word) => word.startsWith('/'));
  const known = new Set(['system', 'peer-networks', ...files]);
  if (!words.every((word) => known.has(word))) return undefined;
  return { isSystem: words.includes('system'), files, isLenientToPeers: words.includes('peer-networks') };
}

function portRange(text: string): Config['mediaPorts'] | undefined {
  const [first, last, ...more] = text.split('-').map(portNumber);
  if (first === undefined || last === undefined || more.length > 0 || last - first < 9) return undefined;
  return { first, last };
}

function drainSeconds(text: string): number | undefined {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  return seconds <= 172_800 ? seconds : undefined;
}

function webUrl(text: string): string | undefined {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol) ? text : undefined;
}

function webSocketUrl(text: string): string | undefined {
  return URL.canParse(text) && ['ws:', 'wss:'].includes(new URL(text).protocol) ? text : undefined;
}

function networks(text: string): readonly string[] | undefined {
  if (text === 'none') return [];
  const list = text.split(',').map((item) => item.trim());
  try {
    peerNetworks(list);
    return list;
  } catch {
    // The caller says which setting is wrong, and how it should look.
    return undefined;
  }
}
