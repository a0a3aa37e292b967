import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { SetupFailure } from '../failure.mjs';

/**
 * A port that the product will use.
 * @typedef {{ port: number, protocol: 'tcp' | 'udp', address?: string, setting: string }} Port
 */

/**
 * The ports that these settings ask for, with the defaults of the product. Values that are no ports are left
 * to the parts, which know how to complain about them.
 *
 * @param {NodeJS.ProcessEnv} settings
 * @returns {Port[]}
 */
export function portsOf(settings) {
  const http = settings.SYLK_HTTP_ADDRESS;
  const sip = settings.SYLK_SIP_ADDRESS;
  /** @type {Port[]} */
  const ports = [
    { port: Number(settings.SYLK_HTTP_PORT || 8080), protocol: 'tcp', address: http, setting: 'SYLK_HTTP_PORT' },
    { port: Number(settings.SYLK_HTTPS_PORT || 8443), protocol: 'tcp', address: http, setting: 'SYLK_HTTPS_PORT' },
    { port: Number(settings.SYLK_SIP_PORT || 5060), protocol: 'udp', address: sip, setting: 'SYLK_SIP_PORT' },
    { port: Number(settings.SYLK_SIP_PORT || 5060), protocol: 'tcp', address: sip, setting: 'SYLK_SIP_PORT' },
    { port: sipsPortOf(settings), protocol: 'tcp', address: sip, setting: 'SYLK_SIPS_PORT' },
    { port: firstOf(settings.SYLK_MEDIA_PORTS || '40000-49999'), protocol: 'udp', setting: 'SYLK_MEDIA_PORTS' },
    { port: firstOf(settings.SYLK_MEDIA_PORTS || '40000-49999'), protocol: 'tcp', setting: 'SYLK_MEDIA_PORTS' },
  ];
  return ports.filter(({ port }) => Number.isInteger(port) && port > 0 && port < 65_536);
}

/**
 * The port of SIP over TLS; no number where the settings want none.
 *
 * @param {NodeJS.ProcessEnv} settings
 */
function sipsPortOf(settings) {
  const sip = Number(settings.SYLK_SIP_PORT || 5060);
  return Number(settings.SYLK_SIPS_PORT || (sip > 0 ? sip + 1 : sip));
}

/** @param {string} range */
function firstOf(range) {
  return Number(range.split('-')[0]);
}

/**
 * @param {readonly Port[]} ports
 * @throws {SetupFailure} naming each port that cannot be had, and its setting
 */
export async function assertFree(ports) {
  const faults = (await Promise.all(ports.map(faultOf))).filter((fault) => fault !== undefined);
  if (faults.length === 0) return;
  throw new SetupFailure(
    [...new Set(faults)].join('\n'),
    'stop the other program, or choose another port, for example: SYLK_HTTP_PORT=8090 npm start',
  );
}

/**
 * @param {Port} port
 * @returns {Promise<string | undefined>}
 */
async function faultOf({ port, protocol, address, setting }) {
  const code = await (protocol === 'tcp' ? listenError(port, address) : bindError(port, address));
  if (!code) return undefined;
  return `${sentences.get(code)?.(port, protocol) ?? `port ${port} cannot be had (${code})`}: it is the one of ${setting}`;
}

/** @type {ReadonlyMap<string, (port: number, protocol: string) => string>} */
const sentences = new Map([
  ['EADDRINUSE', (port, protocol) => `port ${port} (${protocol}) is taken by another program`],
  ['EACCES', (port, protocol) => `port ${port} (${protocol}) needs root`],
  ['EADDRNOTAVAIL', (port) => `the address for port ${port} is not one of this machine`],
]);

/**
 * @param {number} port
 * @param {string | undefined} address
 * @returns {Promise<string | undefined>} code of the error, if there is one
 */
function listenError(port, address) {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen({ port, host: address }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * @param {number} port
 * @param {string | undefined} address
 * @returns {Promise<string | undefined>} code of the error, if there is one
 */
function bindError(port, address) {
  const socket = createSocket(address?.includes(':') ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    socket.once('error', (error) => {
      socket.close();
      resolve('code' in error ? String(error.code) : error.message);
    });
    socket.bind({ port, address }, () => socket.close(() => resolve(undefined)));
  });
}
