/** Port of the secure page while the gateway has not said which it is (the default of SYLK_HTTPS_PORT). */
const usualSecurePort = 8443;

/**
 * The same page over https, for a browser that gives no microphone to the insecure one.
 *
 * @param address where the page is now
 * @param port port of the secure page; undefined while nobody has said it
 */
export function secureUrl(address: string, port: number | undefined): string {
  const url = new URL(address);
  const isStandard = url.port === '';
  url.protocol = 'https:';
  url.port = port === undefined ? (isStandard ? '' : String(usualSecurePort)) : String(port);
  return url.href;
}

/**
 * Asks the gateway for the port of its secure page.
 *
 * @returns null when it has none, undefined when it does not say
 */
export async function askSecurePort(origin: string): Promise<number | null | undefined> {
  const response = await fetch(`${origin}/api/config`);
  const config: unknown = await response.json();
  if (typeof config !== 'object' || config === null || !('httpsPort' in config)) return undefined;
  const { httpsPort } = config;
  return typeof httpsPort === 'number' || httpsPort === null ? httpsPort : undefined;
}

/** The same, where a gateway that does not answer now says nothing about its ports either. */
export async function findSecurePort(origin: string): Promise<number | null | undefined> {
  try {
    return await askSecurePort(origin);
  } catch {
    // The usual port is offered then.
    return undefined;
  }
}

/** Path of the WebSocket on a gateway. */
const socketPath = '/webrtcgateway/ws';

/**
 * The WebSocket address of a gateway, as a site may write it: `gateway.example.org`, `https://gateway.example.org`,
 * or in full.
 *
 * @param server undefined for the gateway that this page comes from
 */
export function socketAddress(server: string | undefined): string | undefined {
  if (server === undefined || server.trim() === '') return undefined;
  const text = server.trim();
  const url = new URL(/^[a-z]+:\/\//i.test(text) ? text.replace(/^http/i, 'ws') : `wss://${text}`);
  if (url.pathname === '/') url.pathname = socketPath;
  return url.href;
}

/**
 * Where the pages and the HTTP interface of a gateway are.
 *
 * @param server as for `socketAddress`
 */
export function gatewayOrigin(server: string | undefined): string {
  const socket = socketAddress(server);
  return socket === undefined ? location.origin : new URL(socket.replace(/^ws/, 'http')).origin;
}
