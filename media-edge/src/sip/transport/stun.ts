import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** Keep-alives by STUN on the SIP port (RFC 5626 s. 8, RFC 5389). Only the Binding method, without attributes of ours. */

const bindingRequest = 0x0001;
const bindingSuccess = 0x0101;
const magicCookie = 0x2112a442;
const xorMappedAddress = 0x0020;
const headerBytes = 20;

/** A STUN message by its first two bits and its cookie; no SIP message begins like that. */
export const isStun = (bytes: Buffer): boolean =>
  bytes.length >= headerBytes && (bytes[0] ?? 255) < 4 && bytes.readUInt32BE(4) === magicCookie;

/** @returns 96 random bits, in hex */
export const newStunId = (): string => randomBytes(12).toString('hex');

/** @param id from `newStunId` */
export function stunRequest(id: string): Buffer {
  return header(bindingRequest, 0, Buffer.from(id, 'hex'));
}

/**
 * Answers a Binding request with where it came from.
 *
 * @returns `undefined` for what is none, or wants something that is not done here
 */
export function stunAnswer(bytes: Buffer, source: { address: string; port: number }): Buffer | undefined {
  const isPlain = bytes.readUInt16BE(0) === bindingRequest && bytes.readUInt16BE(2) === bytes.length - headerBytes;
  if (!isPlain || hasRequiredAttribute(bytes)) return undefined;
  const id = bytes.subarray(8, headerBytes);
  const mapped = mappedAddress(source, id);
  return Buffer.concat([header(bindingSuccess, mapped.length, id), mapped]);
}

/**
 * Reads the answer to a request of ours.
 *
 * @returns the transaction, and our address as the peer sees it: `192.0.2.1:5060`, empty when it does not say
 */
export function readStunAnswer(bytes: Buffer): { id: string; mapped: string } | undefined {
  if (bytes.readUInt16BE(0) !== bindingSuccess) return undefined;
  const id = bytes.toString('hex', 8, headerBytes);
  const value = attributes(bytes).find(([type]) => type === xorMappedAddress)?.[1];
  return { id, mapped: value?.toString('hex') ?? '' };
}

/** RFC 5389 s. 15: attributes below 0x8000 must be understood, and a Binding without credentials needs none of them. */
const hasRequiredAttribute = (bytes: Buffer): boolean => attributes(bytes).some(([type]) => type < 0x8000);

function attributes(bytes: Buffer): [type: number, value: Buffer][] {
  const found: [number, Buffer][] = [];
  for (let at = headerBytes; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 2);
    if (at + 4 + length > bytes.length) break;
    found.push([bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length)]);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return found;
}

function header(type: number, length: number, id: Buffer): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(length, 2);
  bytes.writeUInt32BE(magicCookie, 4);
  return Buffer.concat([bytes, id]);
}

/** RFC 5389 s. 15.2: xored, as some NATs rewrite every address that they see. */
function mappedAddress({ address, port }: { address: string; port: number }, id: Buffer): Buffer {
  const plain = addressBytes(address);
  const key = Buffer.concat([cookieBytes, id]);
  const bytes = Buffer.alloc(8 + plain.length);
  bytes.writeUInt16BE(xorMappedAddress, 0);
  bytes.writeUInt16BE(4 + plain.length, 2);
  bytes.writeUInt8(plain.length === 4 ? 1 : 2, 5);
  bytes.writeUInt16BE(port ^ (magicCookie >>> 16), 6);
  for (const [index, byte] of plain.entries()) bytes.writeUInt8(byte ^ (key[index] ?? 0), 8 + index);
  return bytes;
}

const cookieBytes = Buffer.from([0x21, 0x12, 0xa4, 0x42]);

function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  // One way to write it, with its zeros folded at most once, by the URL parser.
  const [head = '', tail] = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return Buffer.from(groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]));
}
