import { networkInterfaces } from 'node:os';

/** @typedef {import('./part.mjs').Announcement} Announcement */

/**
 * The line that says that the gateway works, and where.
 *
 * @param {ReadonlyMap<string, Announcement>} announcements of the parts; a part may name its `urls` and its `sip` address
 * @param {NodeJS.ProcessEnv} settings used for what they do not say
 * @returns {string}
 */
export function greeting(announcements, settings) {
  const address = settings.SYLK_PUBLIC_ADDRESS || ownAddress();
  const pages = textsOf(announcements.get('signaling')?.urls) ?? [
    `http://localhost:${settings.SYLK_HTTP_PORT || 8080}/`,
    `https://${address}:${settings.SYLK_HTTPS_PORT || 8443}/`,
  ];
  const [sip] = textsOf(announcements.get('edge')?.sip) ?? [`${address}:${settings.SYLK_SIP_PORT || 5060}`];
  return `Sylk gateway is ready: page ${pages.join(' and ')}, SIP ${sip} (UDP and TCP); Ctrl-C ends it`;
}

/**
 * @param {unknown} value a text or several
 * @returns {string[] | undefined}
 */
function textsOf(value) {
  const texts = [value].flat().filter((item) => typeof item === 'string');
  return texts.length > 0 ? texts : undefined;
}

/** @returns {string} an address of this machine at which its neighbours may reach it */
function ownAddress() {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
