/**
 * Who may import whom. Paths are folders or files below the checkout; a folder may always import from itself.
 *
 * @typedef {object} Row
 * @property {string} from
 * @property {readonly string[]} may folders or files of ours
 * @property {readonly string[]} [libraries] if given, the only packages it may import: a PURE folder
 */

const protocol = 'functions/protocol/src';
const ports = 'functions/src/ports';
const signaling = 'functions/src/signaling';
const http = 'functions/src/http';
const localAdapters = 'functions/src/adapters/local';

const edge = (/** @type {string} */ name) => `media-edge/src/${name}`;
const edgePorts = edge('ports');
/** Promises, data and injected ports; no I/O, no clock, no library of a runtime. */
const edgePure = ['call', 'ladder', 'message', 'msrp', 'presence', 'room', 'sdp', 'session'].map(edge);
const edgeAdapters = ['aws', 'echo', 'link', 'mediasoup', 'msrp-net', 'relay', 'sip', 'webrtc', 'xmpp'].map(edge);
/** Which addresses a peer may have: arithmetic on addresses by node:net, for all adapters. */
const network = edge('network');

/** @type {readonly Row[]} The first row whose `from` fits a file is its row. */
export const rows = [
  { from: protocol, may: [], libraries: ['zod'] },
  // Example messages, and what reads them for tests.
  { from: 'functions/protocol/examples', may: [protocol] },

  { from: signaling, may: [protocol, ports], libraries: [] },
  { from: ports, may: [protocol], libraries: [] },
  { from: http, may: [protocol, ports, signaling], libraries: [] },
  { from: 'functions/src/adapters/local', may: [protocol, ports, signaling, http] },
  { from: 'functions/src/adapters/aws', may: [protocol, ports] },
  // Converters between events of the cloud and the handlers: no library, no SDK.
  { from: 'functions/src/adapters/lambda', may: [protocol, ports, signaling, http], libraries: [] },

  // A port speaks in the words of a call, which are types without code.
  { from: edgePorts, may: [protocol, edge('call')], libraries: [] },
  { from: edge('call'), may: [protocol, edgePorts, edge('sdp')], libraries: [] },
  { from: edge('session'), may: [protocol, edgePorts, edge('sdp')], libraries: [] },
  { from: edge('room'), may: [protocol, edgePorts, edge('sdp')], libraries: [] },
  { from: edge('sdp'), may: [protocol, edgePorts, edge('call')], libraries: ['sdp-transform'] },
  { from: edge('ladder'), may: [protocol, edgePorts, edge('call')], libraries: [] },
  ...edgePure.map((from) => ({ from, may: [protocol, edgePorts], libraries: [] })),
  // Where pages, phones and echo meet: it makes the legs of a call. Those of a browser and of echo need no library.
  { from: edge('exchange'), may: [protocol, edgePorts, ...edgePure, edge('echo'), edge('webrtc')] },
  { from: network, may: [protocol, edgePorts] },
  ...edgeAdapters.map((from) => ({ from, may: [protocol, edgePorts, network, ...edgePure] })),

  { from: 'web/src/client', may: [protocol] },
  { from: 'web/src/store', may: [protocol, 'web/src/client'] },
  { from: 'web/src/elements', may: [protocol, 'web/src/store'] },
  { from: 'web/src/page', may: ['web/src/elements'] },

  { from: 'infra/setup', may: [] },
  // The page has one builder and one set of headers, wherever it is served.
  { from: 'infra', may: [protocol, `${localAdapters}/web-assets.ts`, `${localAdapters}/http-page.ts`] },
];

/** Files that wire the others together, and tests: they may import anything. */
export const wiring = [/^test\//, /\.test\.(ts|mjs)$/, /\/fixtures\.ts$/, /\/main[^/]*(\.ts$|\/)/, /\/config\.ts$/];

const sdkHomes = ['functions/src/adapters/aws', edge('aws')];

/** @type {ReadonlyMap<string, readonly string[]>} The only folders where a library may be imported, besides tests. */
export const homes = new Map([
  ['sip.js', ['media-edge/src/sip']],
  ['mediasoup', ['media-edge/src/mediasoup']],
  ['sdp-transform', ['media-edge/src/sdp', 'web/src/client']],
  ['zod', [protocol, 'functions/src/adapters/local']],
  ['ws', ['functions/src/adapters/local', 'media-edge/src/link']],
  ['node:sqlite', ['functions/src/adapters/local']],
  ...['apigatewaymanagementapi', 'dynamodb', 'secrets-manager', 'sqs'].map(
    (service) => /** @type {const} */ ([`@aws-sdk/client-${service}`, sdkHomes]),
  ),
  ['@aws-sdk/lib-dynamodb', sdkHomes],
  ['esbuild', ['functions/src/adapters/local', 'infra/lib']],
  ['aws-cdk-lib', ['infra/lib', 'infra/bin']],
  ['cdk-nag', ['infra/lib', 'infra/bin']],
  ['selfsigned', ['functions/src/adapters/local']],
  ['acme-client', ['functions/src/adapters/local']],
  ['lit', ['web/src/elements']],
  ['uqr', ['web/src/elements']],
]);
