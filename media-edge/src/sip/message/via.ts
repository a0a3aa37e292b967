import { type ParameterMap, parseParameters } from './parameters.ts';

/** One Via value (RFC 3261 s. 20.42). */
export interface Via {
  /** `UDP`, `TCP`, ...: upper case. */
  readonly transport: string;
  /** As written; IPv6 in brackets. */
  readonly host: string;
  readonly port?: number;
  readonly parameters: ParameterMap;
}

/** @returns `undefined` when it is malformed, or not of SIP 2.0 */
export function parseVia(text: string): Via | undefined {
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  const parameters = parseParameters(match[4] ?? '');
  const port = match[3] === undefined ? undefined : Number(match[3]);
  if (parameters === undefined || (port !== undefined && (port > 65535 || port === 0))) return undefined;
  return { transport: (match[1] ?? '').toUpperCase(), host: match[2] ?? '', port, parameters };
}

const pattern =
  /^SIP\s*\/\s*2\.0\s*\/\s*([\w.!%*+`'~-]+)\s+(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?:\s*:\s*(\d{1,5}))?\s*(;.*)?$/i;

/**
 * Adds where the request really came from (RFC 3261 s. 18.2.1, RFC 3581 s. 4), so that the response finds its way.
 *
 * @param raw the topmost Via value as it came
 */
export function stampVia(raw: string, via: Via, source: { address: string; port: number }): string {
  const wantsPort = Object.hasOwn(via.parameters, 'rport');
  const host = via.host.replace(/^\[|\]$/g, '');
  const clean = raw.replace(/;\s*(?:rport|received)\s*(?:=[^;,]*)?(?=[;,]|$)/gi, '');
  if (wantsPort) return `${clean};received=${source.address};rport=${source.port}`;
  return host === source.address ? clean : `${clean};received=${source.address}`;
}
