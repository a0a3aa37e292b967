import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Asset, WebAssets } from './web-assets.ts';

const yearS = 365 * 24 * 60 * 60;

/** Sends a file of the page; paths that name none show the page itself, which reads them (`/call/user@domain`). */
export const sendPage = (
  assets: WebAssets,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): number => {
  const asset = assets.get(path) ?? (isFile(path) ? undefined : assets.get('/index.html'));
  if (assets.size === 0) return end(response, 503, 'the page could not be built, see the log\n');
  if (asset === undefined) return end(response, 404, 'not found\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'use GET\n');
  const { encoding, content } = pickEncoding(asset, String(request.headers['accept-encoding'] ?? ''));
  const headers = { ...assetHeaders(asset), ...(encoding && { 'content-encoding': encoding }) };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (request.headers['if-none-match'] === asset.etag) return end(response, 304);
  response.setHeader('content-length', content.length);
  return end(response, 200, content);
};

/**
 * What keeps a page from being led astray; for every answer.
 *
 * @param host `Host` of the request: the page's WebSocket goes there
 */
export const securityHeaders = (host: string | undefined): Readonly<Record<string, string>> => {
  const sockets = host !== undefined && /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob: mediastream:",
    "manifest-src 'self'",
    "worker-src 'self'",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'permissions-policy':
      'camera=(self), microphone=(self), display-capture=(self), autoplay=(self), speaker-selection=(self), geolocation=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
  };
};

// Names of files have an extension, addresses have a host: `/main-x.js` against `/call/user@example.js`.
const isFile = (path: string): boolean => /^\/[^/@]*\.(js|css|map|ico|png|svg|txt|json|webmanifest)$/.test(path);

const pickEncoding = (asset: Asset, accepted: string): { encoding?: string; content: Buffer } => {
  if (/\bbr\b/.test(accepted)) return { encoding: 'br', content: asset.brotli };
  if (/\bgzip\b/.test(accepted)) return { encoding: 'gzip', content: asset.gzip };
  return { content: asset.identity };
};

const assetHeaders = (asset: Asset): Record<string, string> => ({
  'content-type': asset.type,
  'cache-control': asset.isImmutable ? `public, max-age=${yearS}, immutable` : 'no-cache',
  etag: asset.etag,
  vary: 'accept-encoding',
  ...(asset.isShared && { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }),
});

const end = (response: ServerResponse, status: number, body: string | Buffer = ''): number => {
  response.statusCode = status;
  response.end(body);
  return status;
};
