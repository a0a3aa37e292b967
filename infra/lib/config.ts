import { addressesPerHour, callsPerMinute, maxConnectionsPerAddress } from '@sylk/protocol/limits.ts';
import {
  arnOf,
  enabled,
  foreignAccounts,
  hostName,
  hostNames,
  instanceType,
  listed,
  logLevels,
  logRetentionDays,
  network,
  oneOf,
  origin,
  portRange,
  type Reading,
  SettingsError,
  secretArn,
  settingReader,
  text,
  wholeNumber,
} from './settings-text.ts';

/** What an operator decides about a deployment. Absent values have the defaults of docs/cloud/README.md. */
export interface Settings {
  /** Begins the names of the stacks: two deployments in one account and Region need two. */
  readonly name: string;
  /** Domain of the addresses that are given out: `alice@domain`. */
  readonly domain: string;
  readonly domainAliases: readonly string[];
  /** Host of the page, the element, the HTTP interface and sylkRTC, with its certificate in us-east-1. */
  readonly webHost: string;
  readonly certificateArn: string;
  /** Origins of other sites whose pages may use this deployment. */
  readonly webOrigins: readonly string[];
  /** Whose accounts people may bring: `none`, `*`, or providers with commas between, in the words of the functions. */
  readonly foreignAccounts: string;
  /** Web ACL of AWS WAF for CloudFront, made by the operator. */
  readonly webAclArn?: string;
  /** Zone of Route 53 where records are kept. Absent: the operator's own DNS points at what the stacks print. */
  readonly hostedZone?: { readonly id: string; readonly name: string };
  readonly edges: EdgeSettings;
  readonly limits: {
    readonly callsPerMinute: number;
    readonly addressesPerHour: number;
    readonly connectionsPerAddress: number;
  };
  /** Requests per second, and burst, of each API. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** Concurrent runs kept for, and at most given to, new connections. Absent: the account's. */
  readonly connectConcurrency?: number;
  /** The same for what edges say, their leases among it. */
  readonly edgeConcurrency?: number;
  /** Whether the stacks name the role with which API Gateway writes logs, which is one for an account and Region. */
  readonly hasApiLogRole: boolean;
  /** Gets the alarms by mail. */
  readonly alarmEmail?: string;
  readonly logLevel: string;
  readonly logDays: number;
}

export interface EdgeSettings {
  /** Container image. Absent: no edges here, the operator runs them elsewhere. */
  readonly image?: string;
  readonly min: number;
  readonly max: number;
  readonly instanceType: string;
  /** Calls on an edge, in the mean of all, that bring another one. */
  readonly callsPerEdge: number;
  /** How long an edge that is to end waits for its calls. */
  readonly drainMinutes: number;
  readonly sipPort: number;
  readonly mediaPorts: { readonly first: number; readonly last: number };
  /** Networks besides the public Internet where peers may be. */
  readonly peerNetworks: readonly string[];
  /** Secret of the operator's that describes the trunks, in the JSON of `SYLK_TRUNKS`. Absent: there are none. */
  readonly trunksSecretArn?: string;
}

/** Media ports that a call between two phones uses, the most that a call can: RTP and RTCP on two legs. */
const portsPerCall = 4;

/**
 * Reads the settings from values as they stand in a JSON file or come from the command line, where all are text.
 *
 * @throws SettingsError that names every setting that is wrong, and its allowed form
 */
export const readSettings = (values: Readonly<Record<string, unknown>>): Settings => {
  const read = settingReader(values);
  const settings: Settings = {
    name: read.or('name', text(/^[A-Z][A-Za-z0-9]{0,30}$/), 'a capital and up to 30 letters or digits', 'Sylk'),
    domain: read.must('domain', hostName, 'a host name such as example.org'),
    domainAliases: read.or('domainAliases', hostNames, 'a list of host names', []),
    webHost: read.must('webHost', hostName, 'a host name such as phone.example.org'),
    certificateArn: read.must(
      'certificateArn',
      arnOf('acm', 'us-east-1'),
      'the ARN of an ACM certificate of us-east-1 for webHost (CloudFront takes no other)',
    ),
    webOrigins: read.or('webOrigins', listed(origin), "a list of origins such as https://www.example.org, or '*'", []),
    foreignAccounts: read.or(
      'foreignAccounts',
      foreignAccounts,
      "'*', 'none', or domains separated by commas, each perhaps with its proxy, such as example.org=sip:proxy.example.org",
      'none',
    ),
    webAclArn: read.may('webAclArn', arnOf('wafv2', 'us-east-1'), 'the ARN of a web ACL of scope CLOUDFRONT'),
    hostedZone: zone(read),
    edges: edges(read),
    limits: {
      callsPerMinute: read.or('callsPerMinute', wholeNumber(1), 'a whole number from 1', callsPerMinute),
      addressesPerHour: read.or('addressesPerHour', wholeNumber(1), 'a whole number from 1', addressesPerHour),
      connectionsPerAddress: read.or(
        'connectionsPerAddress',
        wholeNumber(1),
        'a whole number from 1',
        maxConnectionsPerAddress,
      ),
    },
    throttle: {
      rate: read.or('throttleRate', wholeNumber(1, 10_000), 'requests per second from 1 to 10000', 500),
      burst: read.or('throttleBurst', wholeNumber(1, 5_000), 'requests from 1 to 5000', 250),
    },
    connectConcurrency: read.may('connectConcurrency', wholeNumber(1, 1_000), 'a whole number from 1 to 1000'),
    edgeConcurrency: read.may('edgeConcurrency', wholeNumber(1, 1_000), 'a whole number from 1 to 1000'),
    hasApiLogRole: read.or('apiLogRole', enabled, 'true or false', true),
    alarmEmail: read.may('alarmEmail', text(/^[^@\s]+@[^@\s]+$/), 'an e-mail address'),
    logLevel: read.or('logLevel', oneOf(logLevels), `one of ${logLevels.join(', ')}`, 'info'),
    logDays: read.or('logDays', oneOf(logRetentionDays), `one of ${logRetentionDays.join(', ')}`, 30),
  };
  const faults = read.faults();
  if (faults.length > 0) throw new SettingsError(faults);
  const clashes = contradictions(settings);
  if (clashes.length > 0) throw new SettingsError(clashes);
  return settings;
};

const zone = (read: Reading): Settings['hostedZone'] => {
  const id = read.may('hostedZoneId', text(/^Z[A-Z0-9]{4,31}$/), 'the id of a zone of Route 53, such as Z0123456789');
  const name = read.may('hostedZoneName', hostName, 'the name of that zone, such as example.org');
  if (id !== undefined && name !== undefined) return { id, name };
  if (id !== undefined) read.fault('hostedZoneName is missing, expected the name of the zone that hostedZoneId names');
  if (name !== undefined) read.fault('hostedZoneId is missing, expected the id of the zone that hostedZoneName names');
  return undefined;
};

const edges = (read: Reading): EdgeSettings => ({
  image: read.may('edgeImage', text(/^[\w.:/@-]+$/), 'the URI of a container image'),
  min: read.or('edgesMin', wholeNumber(0, 500), 'a whole number from 0 to 500', 1),
  max: read.or('edgesMax', wholeNumber(0, 500), 'a whole number from 0 to 500', 2),
  instanceType: read.or(
    'edgeInstance',
    instanceType,
    'a type of arm64 instance (Graviton) such as c7g.large',
    'c7g.large',
  ),
  callsPerEdge: read.or('callsPerEdge', wholeNumber(1, 10_000), 'a whole number from 1 to 10000', 100),
  drainMinutes: read.or('drainMinutes', wholeNumber(1, 2_880), 'minutes from 1 to 2880 (48 hours)', 120),
  sipPort: read.or('sipPort', wholeNumber(1, 65_535), 'a port from 1 to 65535', 5060),
  mediaPorts: read.or('mediaPorts', portRange, 'a range of ports such as 40000-49999', { first: 40_000, last: 49_999 }),
  peerNetworks: read.or('peerNetworks', listed(network), 'a list of networks such as 198.51.100.0/24', []),
  trunksSecretArn: read.may(
    'trunksSecretArn',
    secretArn,
    'the whole ARN of a secret of Secrets Manager, with the six characters at its end',
  ),
});

/** What each setting allows by itself, but not together. */
const contradictions = (settings: Settings): readonly string[] => {
  const { hostedZone, domain, webHost, webOrigins, edges: wanted, throttle } = settings;
  const isInZone = (host: string) => hostedZone === undefined || `.${host}`.endsWith(`.${hostedZone.name}`);
  const ports = wanted.mediaPorts.last - wanted.mediaPorts.first + 1;
  const rules: readonly (readonly [boolean, string])[] = [
    [isInZone(domain), `domain is '${domain}', expected a name in hostedZoneName '${hostedZone?.name}'`],
    [isInZone(webHost), `webHost is '${webHost}', expected a name in hostedZoneName '${hostedZone?.name}'`],
    [
      wanted.min > 0 || wanted.max === 0,
      'edgesMin is 0, expected at least 1: edges are added by what others carry, so nothing would start the first one',
    ],
    [wanted.min <= wanted.max, `edgesMin is ${wanted.min}, expected at most edgesMax, which is ${wanted.max}`],
    [
      wanted.image !== undefined || wanted.max === 0,
      'edgeImage is missing, expected the URI of the container image of an edge (or edgesMin and edgesMax 0)',
    ],
    [
      wanted.sipPort < wanted.mediaPorts.first || wanted.sipPort > wanted.mediaPorts.last,
      `sipPort is ${wanted.sipPort}, expected a port outside mediaPorts, ${wanted.mediaPorts.first}-${wanted.mediaPorts.last}`,
    ],
    [
      wanted.callsPerEdge * portsPerCall <= ports,
      `callsPerEdge is ${wanted.callsPerEdge}, expected at most ${Math.floor(ports / portsPerCall)}: a call between two phones uses ${portsPerCall} of the ${ports} mediaPorts`,
    ],
    [
      wanted.trunksSecretArn === undefined || wanted.max > 0,
      'trunksSecretArn is given, expected none: edgesMax is 0, and edges elsewhere have their own SYLK_TRUNKS',
    ],
    [
      throttle.burst <= throttle.rate * 10,
      `throttleBurst is ${throttle.burst}, expected at most 10 times throttleRate`,
    ],
    [
      !webOrigins.includes('*') || webOrigins.length === 1,
      "webOrigins has '*' and others, expected '*' alone, which is all, or a list without it",
    ],
  ];
  return rules.filter(([isKept]) => !isKept).map(([, fault]) => fault);
};
