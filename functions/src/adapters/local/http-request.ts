import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '../../http/message.ts';
import { decodePath, maxBodyBytes } from '../../http/request-path.ts';
import { networkOf, remoteAddress } from './network-address.ts';
import type { OriginRule } from './origins.ts';

/** What is read of a larger body and thrown away, in bytes: who still sends when the socket closes sees no answer. */
const maxDrainedBytes = 1024 * 1024;

/**
 * Reads a whole request into the form that handlers take.
 *
 * @returns the HTTP status to refuse it with, when it is too large or its path cannot be read
 */
export const readRequest = async (message: IncomingMessage, origins: OriginRule): Promise<HttpRequest | number> => {
  const url = URL.parse(`http://host.invalid${message.url ?? '/'}`);
  const path = url === null ? undefined : decodePath(url.pathname);
  if (url === null || path === undefined) return 400;
  const body = await readBody(message);
  if (body === undefined) return 413;
  const address = remoteAddress(message);
  return {
    method: message.method ?? 'GET',
    path,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, value?.toString()])),
    body,
    address,
    network: networkOf(address),
    isOriginAllowed: origins.isAllowed(message.headers.origin, message.headers.host),
  };
};

const readBody = async (message: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The iterator would destroy the socket, and with it the answer.
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maxDrainedBytes) return undefined;
    if (bytes <= maxBodyBytes) chunks.push(buffer);
  }
  if (bytes > maxBodyBytes) return undefined;
  return Buffer.concat(chunks).toString('utf8');
};
