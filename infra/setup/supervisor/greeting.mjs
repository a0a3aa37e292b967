import { networkInterfaces } from 'node:os';

/** @typedef {import('./part.mjs').Announcement} Announcement */

/**
 * The line that says that the gateway works, and where.
 *
 * @param {ReadonlyMap<string, Announcement>} announcements of the parts; they name the ports that they got
 * @param {NodeJS.ProcessEnv} settings used for what they do not say
 * @returns {string}
 */
export function greeting(announcements, settings) {
  const signaling = announcements.get('signaling') ?? {};
  const edge = announcements.get('edge') ?? {};
  const address = inUrl(settings.SYLK_PUBLIC_ADDRESS || ownAddress());
  const http = signaling.httpPort ?? (settings.SYLK_HTTP_PORT || 8080);
  const https = signaling.httpsPort ?? (settings.SYLK_HTTPS_PORT || 8443);
  const sip = edge.sipPort ?? (settings.SYLK_SIP_PORT || 5060);
  const pages = `http://localhost:${http}/ and https://${address}:${https}/`;
  return `Sylk gateway is ready: page ${pages}, SIP ${address}:${sip} (UDP and TCP); Ctrl-C ends it`;
}

/**
 * @param {string} address
 * @returns {string} as RFC 3986 s. 3.2.2 wants it before a port
 */
function inUrl(address) {
  return address.includes(':') ? `[${address}]` : address;
}

/** @returns {string} an address of this machine at which its neighbours may reach it */
function ownAddress() {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
