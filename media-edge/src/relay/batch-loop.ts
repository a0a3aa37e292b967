import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { BatchLeg } from './batch-leg.ts';
import { faultReport } from './fault-report.ts';
import { Legs } from './leg-commands.ts';
import type { FromThread, ToThread } from './messages.ts';
import { digitIntervalMs, loopback, watchIntervalMs } from './open-leg.ts';
import { restMsAt } from './rest.ts';
import type { UdpBatch } from './udp-batch.ts';

type Role = 'rtp' | 'rtcp' | 'inside';

/**
 * Runs the thread on batches of packets, until it is terminated. It never comes back to the event loop, so the main
 * thread rings: a datagram to the port that `ready` names says that messages wait.
 */
export class BatchLoop {
  readonly #port: MessagePort;
  readonly #udp: UdpBatch;
  readonly #legs: Legs;
  readonly #fault: (error: unknown) => void;
  readonly #bell: number;
  /** Whose socket it is, by socket. */
  readonly #owners: ({ readonly leg: BatchLeg; readonly role: Role } | undefined)[] = [];
  readonly #playing = new Set<BatchLeg>();
  #watchAtMs = 0;
  #digitsAtMs = 0;
  /** Packets since the last watch, and what the load of then wants. */
  #packets = 0;
  #restMs = 0;

  constructor(port: MessagePort, udp: UdpBatch) {
    const tell = (message: FromThread): void => port.postMessage(message);
    this.#port = port;
    this.#udp = udp;
    this.#legs = new Legs(tell);
    this.#fault = faultReport(tell);
    this.#bell = udp.open(loopback, 0);
    tell({ kind: 'ready', bellPort: udp.portOf(this.#bell) });
  }

  run(): never {
    for (;;) {
      const count = this.#udp.wait(this.#playing.size > 0 ? digitIntervalMs / 2 : watchIntervalMs, this.#restMs);
      const nowMs = performance.now();
      this.#packets += count;
      for (let slot = 0; slot < count; slot += 1) this.#take(slot, nowMs);
      if (nowMs >= this.#digitsAtMs) this.#playDigits(nowMs);
      if (nowMs >= this.#watchAtMs) this.#watch(nowMs);
    }
  }

  /** No packet may end the thread. */
  #take(slot: number, nowMs: number): void {
    const socket = this.#udp.socketOf(slot);
    const owner = this.#owners[socket];
    try {
      if (owner !== undefined) this.#hand(owner.leg, owner.role, slot, nowMs);
      else if (socket === this.#bell) this.#takeCommands();
    } catch (error) {
      this.#fault(error);
    }
  }

  #hand({ packets }: BatchLeg, role: Role, slot: number, nowMs: number): void {
    const udp = this.#udp;
    if (udp.isRefusal(slot)) return packets.noteUnreachable();
    const packet = udp.packetOf(slot);
    switch (role) {
      case 'rtp':
        return packets.fromPeer(packet, udp.addressOf(slot), udp.portOfSource(slot), nowMs);
      case 'rtcp':
        return packets.reportFromPeer(packet, udp.addressOf(slot), udp.portOfSource(slot), false);
      case 'inside':
        return packets.fromInside(packet, nowMs);
      default:
        return role satisfies never;
    }
  }

  /** Also without a ring, in case one was lost. */
  #watch(nowMs: number): void {
    this.#restMs = restMsAt((this.#packets * 1000) / (nowMs - this.#watchAtMs + watchIntervalMs));
    this.#packets = 0;
    this.#watchAtMs = nowMs + watchIntervalMs;
    try {
      this.#takeCommands();
      this.#legs.watch(nowMs);
    } catch (error) {
      this.#fault(error);
    }
  }

  #playDigits(nowMs: number): void {
    this.#digitsAtMs = nowMs + digitIntervalMs;
    for (const leg of this.#playing) {
      leg.packets.tick(nowMs);
      if (!leg.packets.isPlayingDigits) this.#playing.delete(leg);
    }
  }

  #takeCommands(): void {
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port)) {
      const command: ToThread = next.message;
      if (command.kind === 'open') this.#open(command);
      else this.#legs.carryOut(command);
    }
  }

  #open(command: Extract<ToThread, { kind: 'open' }>): void {
    const number = command.leg;
    try {
      const leg = new BatchLeg({
        ...command,
        udp: this.#udp,
        tell: (event) => this.#port.postMessage({ kind: 'event', leg: number, event } satisfies FromThread),
        onDigits: () => this.#playing.add(leg),
        onClosed: () => this.#forget(leg),
      });
      this.#owners[leg.rtp] = { leg, role: 'rtp' };
      this.#owners[leg.rtcp] = { leg, role: 'rtcp' };
      this.#owners[leg.inside] = { leg, role: 'inside' };
      this.#legs.opened(number, leg);
    } catch (error) {
      this.#legs.refused(number, error);
    }
  }

  #forget(leg: BatchLeg): void {
    this.#playing.delete(leg);
    for (const socket of [leg.rtp, leg.rtcp, leg.inside]) this.#owners[socket] = undefined;
  }
}
