import { type ParameterMap, parseParameters, splitOutsideQuotes } from './parameters.ts';

/** One Via value (RFC 3261 s. 20.42). */
export interface Via {
  /** `2.0`; another one only in requests of another version, which are told so (s. 21.5.6). */
  readonly version: string;
  /** `UDP`, `TCP`, ...: upper case. */
  readonly transport: string;
  /** As written; IPv6 in brackets. */
  readonly host: string;
  readonly port?: number;
  readonly parameters: ParameterMap;
}

/** @returns `undefined` when it is malformed */
export function parseVia(text: string): Via | undefined {
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  const [, version = '', transport = '', host = '', digits, rest = ''] = match;
  const parameters = parseParameters(rest);
  const port = digits === undefined ? undefined : Number(digits);
  if (parameters === undefined || (port !== undefined && (port > 65535 || port === 0))) return undefined;
  return { version, transport: transport.toUpperCase(), host, port, parameters };
}

const pattern =
  /^SIP\s*\/\s*(\d{1,3}\.\d{1,3})\s*\/\s*([\w.!%*+`'~-]+)\s+(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?:\s*:\s*(\d{1,5}))?\s*(;.*)?$/i;

/**
 * Adds where the request really came from (RFC 3261 s. 18.2.1, RFC 3581 s. 4), so that the response finds its way.
 *
 * @param raw the topmost Via value as it came
 */
export function stampVia(raw: string, via: Via, source: { address: string; port: number }): string {
  const wantsPort = Object.hasOwn(via.parameters, 'rport');
  const host = via.host.replace(/^\[|\]$/g, '');
  const clean = splitOutsideQuotes(raw, ';')
    .filter((part) => !/^\s*(?:rport|received)\s*(?:=|$)/i.test(part))
    .join(';');
  if (wantsPort) return `${clean};received=${source.address};rport=${source.port}`;
  return host === source.address ? clean : `${clean};received=${source.address}`;
}
