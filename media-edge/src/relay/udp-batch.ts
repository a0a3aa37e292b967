import { createRequire } from 'node:module';

/** Packets that are there at once; the rest comes with the next wait. */
const slotCount = 64;
const slotBytes = 2048;
const notesPerSlot = 4;

/** What `native/udp-batch.c` offers; see there. */
interface NativeUdp {
  setUp(packets: ArrayBuffer, notes: ArrayBuffer): void;
  open(address: string, port: number): number;
  portOf(socket: number): number;
  aim(socket: number, address: string, port: number): void;
  connect(socket: number, address: string, port: number): void;
  send(socket: number, offset: number, bytes: number): void;
  wait(timeoutMs: number, restMs: number): number;
  sourceOf(slot: number): string;
  close(socket: number): void;
}

/** UDP sockets of one thread that are waited for all together. A packet is valid until the next `wait`. */
export class UdpBatch {
  readonly #native: NativeUdp;
  readonly #packets = new Uint8Array((slotCount + 1) * slotBytes);
  readonly #notes = new Int32Array(slotCount * notesPerSlot);
  readonly #views: Uint8Array[] = Array.from({ length: slotCount }, (_, slot) => this.#viewOf(slot, 0));
  /** A source is named when it changes only: the newest by socket, and that of each packet. */
  readonly #sources: string[] = [];
  readonly #slotSources: string[] = Array.from({ length: slotCount }, () => '');

  /** @throws Error if the library does not fit this machine or runtime */
  constructor(library: string) {
    this.#native = createRequire(import.meta.url)(library);
    this.#native.setUp(this.#packets.buffer, this.#notes.buffer);
  }

  /** @throws Error with `code` of the system, as `EADDRINUSE` */
  open(address: string, port: number): number {
    return this.#native.open(address, port);
  }

  portOf(socket: number): number {
    return this.#native.portOf(socket);
  }

  connect(socket: number, address: string, port: number): void {
    this.#native.connect(socket, address, port);
  }

  aim(socket: number, address: string, port: number): void {
    this.#native.aim(socket, address, port);
  }

  close(socket: number): void {
    this.#native.close(socket);
  }

  /**
   * @param restMs time since the last return that has to pass first, so that packets gather; 0 for none
   * @returns how many packets have come, at least one unless the time is over
   */
  wait(timeoutMs: number, restMs: number): number {
    const count = this.#native.wait(timeoutMs, restMs);
    for (let slot = 0; slot < count; slot += 1) {
      const socket = this.socketOf(slot);
      if (this.#note(slot, 2) !== 0) this.#sources[socket] = this.#native.sourceOf(slot);
      // Kept for each packet: in one wait a socket may have heard its peer and somebody who wants to be taken for it.
      this.#slotSources[slot] = this.#sources[socket] ?? '';
    }
    return count;
  }

  socketOf(slot: number): number {
    return this.#note(slot, 0);
  }

  /** True for news that nothing listens where the socket sends. */
  isRefusal(slot: number): boolean {
    return this.#note(slot, 1) < 0;
  }

  packetOf(slot: number): Uint8Array {
    const bytes = this.#note(slot, 1);
    const before = this.#views[slot];
    if (before?.length === bytes) return before;
    const view = this.#viewOf(slot, bytes);
    this.#views[slot] = view;
    return view;
  }

  addressOf(slot: number): string {
    return this.#slotSources[slot] ?? '';
  }

  portOfSource(slot: number): number {
    return this.#note(slot, 3);
  }

  /** Sends a part of a packet that has come, or of one made elsewhere. */
  send(socket: number, packet: Uint8Array, start: number, bytes: number): void {
    if (packet.buffer === this.#packets.buffer) return this.#native.send(socket, packet.byteOffset + start, bytes);
    const own = slotCount * slotBytes;
    this.#packets.set(packet.subarray(start, start + bytes), own);
    this.#native.send(socket, own, bytes);
  }

  #note(slot: number, field: number): number {
    return this.#notes[slot * notesPerSlot + field] ?? 0;
  }

  #viewOf(slot: number, bytes: number): Uint8Array {
    return this.#packets.subarray(slot * slotBytes, slot * slotBytes + bytes);
  }
}
