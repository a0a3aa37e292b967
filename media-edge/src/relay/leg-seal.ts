import type { Security, SrtpKey } from '../ports/relay.ts';
import type { Remote } from './latch.ts';
import type { LegWire } from './leg-wire.ts';
import { message } from './srtp/authenticator.ts';
import { SrtpReceiver } from './srtp/srtp-receiver.ts';
import { SrtpSender } from './srtp/srtp-sender.ts';

/** The encryption of one leg towards its peer (RFC 3711). A leg without has none of this on its way. */
export class LegSeal {
  readonly #security: Security;
  readonly #wire: LegWire;
  readonly #receiver: SrtpReceiver;
  readonly #sender: SrtpSender;

  /** @param before the one until now: what has the same key goes on, with its counters */
  constructor(security: Security, wire: LegWire, before: LegSeal | undefined) {
    const { inbound, outbound } = security;
    this.#security = security;
    this.#wire = wire;
    this.#receiver =
      before !== undefined && isSameKey(before.#security.inbound, inbound)
        ? before.#receiver
        : new SrtpReceiver(inbound);
    // The same numbers under the same key twice would give the sound away.
    this.#sender =
      before !== undefined && isSameKey(before.#security.outbound, outbound)
        ? before.#sender
        : new SrtpSender(outbound);
  }

  /** @returns the packet in clear; `undefined` if it is not the peer's */
  open(packet: Uint8Array): Uint8Array | undefined {
    return this.#receiver.open(packet);
  }

  openReport(packet: Uint8Array): Uint8Array | undefined {
    return this.#receiver.openReport(packet);
  }

  send(packet: Uint8Array, start: number, bytes: number, to: Remote): void {
    this.#wire.toPeer(message, 0, this.#sender.seal(packet, start, bytes), to);
  }

  /** @param isMuxed on the port of RTP */
  report(packet: Uint8Array, bytes: number, to: Remote, isMuxed: boolean): void {
    const sealed = this.#sender.sealReport(packet, bytes);
    if (isMuxed) this.#wire.toPeer(message, 0, sealed, to);
    else this.#wire.reportToPeer(message, sealed, to);
  }
}

/** The wire of a leg for its reports, which are sealed in a way of their own. @param seal the one of the moment */
export function reportWire(wire: LegWire, seal: () => LegSeal | undefined): LegWire {
  return {
    ...wire,
    toPeer: (packet, start, bytes, to) => {
      const sealing = seal();
      if (sealing === undefined) wire.toPeer(packet, start, bytes, to);
      else sealing.report(packet, bytes, to, true);
    },
    reportToPeer: (packet, bytes, to) => {
      const sealing = seal();
      if (sealing === undefined) wire.reportToPeer(packet, bytes, to);
      else sealing.report(packet, bytes, to, false);
    },
  };
}

const isSameKey = (one: SrtpKey, other: SrtpKey): boolean =>
  one.suite === other.suite &&
  isSameText(one.keyAndSalt, other.keyAndSalt) &&
  isSameText(one.mki ?? none, other.mki ?? none);

const none = new Uint8Array(0);
const isSameText = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
