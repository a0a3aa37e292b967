import type { SrtpKey } from '../../ports/relay.ts';
import * as rtp from '../rtp-packet.ts';
import { message } from './authenticator.ts';
import { packetIndex } from './packet-index.ts';
import { firstCounter, type SessionKeys, sessionKeys } from './session-keys.ts';
import { reportTagBytes, suiteSizes } from './suites.ts';

/** SRTCP: the index and, above it, that the report is encrypted (RFC 3711 s. 3.4). */
const encryptedFlag = 0x8000_0000;
/** Octets of a report that stay in clear: its first header and the sender. */
const clearReportBytes = 8;

/** Encrypts and signs what goes to a peer (RFC 3711 s. 3.3). What comes out is in `message` until the next packet. */
export class SrtpSender {
  readonly #tagBytes: number;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  #newest = -1;
  #reports = 0;

  constructor(key: SrtpKey) {
    this.#tagBytes = suiteSizes[key.suite].rtpTagBytes;
    this.#rtp = sessionKeys(key, 'rtp');
    this.#rtcp = sessionKeys(key, 'rtcp');
  }

  /** @returns how many octets of `message` are to be sent */
  seal(packet: Uint8Array, start: number, bytes: number): number {
    message.set(packet.subarray(start, start + bytes));
    const header = rtp.headerBytes(message.subarray(0, bytes));
    const index = packetIndex(this.#newest, rtp.sequence(message));
    this.#newest = Math.max(this.#newest, index);
    const { keystream, authenticator, salt } = this.#rtp;
    keystream.apply(message, header, bytes, firstCounter(salt, rtp.ssrc(message), index));
    rtp.write32(message, bytes, Math.floor(index / 65_536));
    message.set(authenticator.sign(bytes + 4).subarray(0, this.#tagBytes), bytes);
    return bytes + this.#tagBytes;
  }

  /** The same for RTCP (s. 3.4). */
  sealReport(packet: Uint8Array, bytes: number): number {
    message.set(packet.subarray(0, bytes));
    this.#reports = (this.#reports + 1) % encryptedFlag;
    const { keystream, authenticator, salt } = this.#rtcp;
    const first = firstCounter(salt, rtp.read32(message, 4), this.#reports);
    keystream.apply(message, clearReportBytes, bytes, first);
    rtp.write32(message, bytes, encryptedFlag + this.#reports);
    message.set(authenticator.sign(bytes + 4).subarray(0, reportTagBytes), bytes + 4);
    return bytes + 4 + reportTagBytes;
  }
}
