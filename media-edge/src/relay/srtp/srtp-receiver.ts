import type { SrtpKey } from '../../ports/relay.ts';
import * as rtp from '../rtp-packet.ts';
import { isTag, message } from './authenticator.ts';
import { packetIndex, ReplayWindow } from './packet-index.ts';
import { firstCounter, type SessionKeys, sessionKeys } from './session-keys.ts';
import { reportTagBytes, suiteSizes } from './suites.ts';

/** Streams of one peer that are told apart; one and its successor are usual. */
const maxSources = 4;
const clearReportBytes = 8;

/** Checks and decrypts what comes from a peer (RFC 3711 s. 3.3), in place. */
export class SrtpReceiver {
  readonly #tagBytes: number;
  readonly #mki: Uint8Array;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  readonly #windows = new Map<number, ReplayWindow>();
  readonly #reportWindows = new Map<number, ReplayWindow>();

  constructor(key: SrtpKey) {
    this.#tagBytes = suiteSizes[key.suite].rtpTagBytes;
    this.#mki = key.mki ?? new Uint8Array(0);
    this.#rtp = sessionKeys(key, 'rtp');
    this.#rtcp = sessionKeys(key, 'rtcp');
  }

  /** @returns the packet in clear; `undefined` if it is not of the peer, damaged, or came before */
  open(packet: Uint8Array): Uint8Array | undefined {
    const end = packet.length - this.#tagBytes - this.#mki.length;
    if (end < rtp.fixedHeaderBytes || (packet[0] ?? 0) >> 6 !== 2) return undefined;
    const header = rtp.headerBytes(packet);
    if (header > end || !this.#isMki(packet, end)) return undefined;
    const ssrc = rtp.ssrc(packet);
    const window = this.#windows.get(ssrc) ?? new ReplayWindow();
    const index = packetIndex(window.newest, rtp.sequence(packet));
    if (index < 0 || !window.isNew(index)) return undefined;
    const { keystream, authenticator, salt } = this.#rtp;
    message.set(packet.subarray(0, end));
    rtp.write32(message, end, Math.floor(index / 65_536));
    if (!isTag(authenticator.sign(end + 4), packet, end + this.#mki.length, this.#tagBytes)) return undefined;
    note(this.#windows, ssrc, window, index);
    keystream.apply(packet, header, end, firstCounter(salt, ssrc, index));
    return packet.subarray(0, end);
  }

  /** The same for RTCP (s. 3.4). */
  openReport(packet: Uint8Array): Uint8Array | undefined {
    const end = packet.length - reportTagBytes - this.#mki.length - 4;
    if (end < clearReportBytes || !this.#isMki(packet, end + 4)) return undefined;
    const trailer = rtp.read32(packet, end);
    const index = trailer % 0x8000_0000;
    const ssrc = rtp.read32(packet, 4);
    const window = this.#reportWindows.get(ssrc) ?? new ReplayWindow();
    if (!window.isNew(index)) return undefined;
    const { keystream, authenticator, salt } = this.#rtcp;
    message.set(packet.subarray(0, end + 4));
    if (!isTag(authenticator.sign(end + 4), packet, end + 4 + this.#mki.length, reportTagBytes)) return undefined;
    note(this.#reportWindows, ssrc, window, index);
    if (trailer !== index) keystream.apply(packet, clearReportBytes, end, firstCounter(salt, ssrc, index));
    return packet.subarray(0, end);
  }

  #isMki(packet: Uint8Array, at: number): boolean {
    return isTag(this.#mki, packet, at, this.#mki.length);
  }
}

/** The packet is authentic: it is remembered, and a new stream takes the place of the oldest. */
function note(windows: Map<number, ReplayWindow>, ssrc: number, window: ReplayWindow, index: number): void {
  window.take(index);
  if (windows.has(ssrc)) return;
  const [oldest] = windows.keys();
  if (windows.size >= maxSources && oldest !== undefined) windows.delete(oldest);
  windows.set(ssrc, window);
}
