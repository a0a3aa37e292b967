/**
 * @typedef {object} Need one thing the machine must have
 * @property {string} aptPackage Debian's and Ubuntu's package that brings it
 * @property {readonly string[]} [programs] any one of these on the PATH shows that it is there
 * @property {string} [library] module that pkg-config must know
 * @property {readonly string[]} [files] any one of these shows that it is there
 * @property {string} [service] what the package starts by itself and nobody here wants: the tests start their own
 */

/** @type {readonly Need[]} What building the media worker needs. */
export const workerBuildNeeds = [
  { aptPackage: 'build-essential', programs: ['c++'] },
  { aptPackage: 'patch', programs: ['patch'] },
  { aptPackage: 'meson', programs: ['meson'] },
  { aptPackage: 'ninja-build', programs: ['ninja'] },
  { aptPackage: 'pkg-config', programs: ['pkg-config'] },
  { aptPackage: 'flatbuffers-compiler', programs: ['flatc'] },
  { aptPackage: 'libflatbuffers-dev', library: 'flatbuffers' },
  { aptPackage: 'libabsl-dev', library: 'absl_flat_hash_map' },
  { aptPackage: 'libssl-dev', library: 'openssl' },
  { aptPackage: 'libuv1-dev', library: 'libuv' },
  { aptPackage: 'libsrtp2-dev', library: 'libsrtp2' },
];

const modulesOfKamailio = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/kamailio/modules`);

/** @type {readonly Need[]} The far ends and tools of the interoperability tests. */
export const interopNeeds = [
  { aptPackage: 'chromium', programs: ['chromium'] },
  { aptPackage: 'firefox-esr', programs: ['firefox-esr'] },
  { aptPackage: 'baresip-core', programs: ['baresip'] },
  { aptPackage: 'baresip-ffmpeg', files: ['/usr/lib/baresip/modules/avcodec.so'] },
  { aptPackage: 'sip-tester', programs: ['sipp'] },
  { aptPackage: 'sipsak', programs: ['sipsak'] },
  { aptPackage: 'linphone-cli', programs: ['linphonec'] },
  { aptPackage: 'kamailio', programs: ['kamailio'], service: 'kamailio' },
  { aptPackage: 'kamailio-tls-modules', files: modulesOfKamailio.map((folder) => `${folder}/tls.so`) },
  { aptPackage: 'openssl', programs: ['openssl'] },
  { aptPackage: 'sox', programs: ['sox'] },
  { aptPackage: 'iproute2', programs: ['ip'] },
  { aptPackage: 'iptables', programs: ['iptables'] },
];

/** @type {readonly Need[]} What the benchmark compares with, besides the tools above. */
export const benchNeeds = [{ aptPackage: 'janus', programs: ['janus'], service: 'janus' }];
