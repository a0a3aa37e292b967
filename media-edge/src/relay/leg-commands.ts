import type { FromThread, ToThread } from './messages.ts';
import type { OpenLeg } from './open-leg.ts';

/** The legs of one thread, and what the main thread asks of them. */
export class Legs {
  readonly #legs = new Map<number, OpenLeg>();
  readonly #tell: (message: FromThread) => void;

  constructor(tell: (message: FromThread) => void) {
    this.#tell = tell;
  }

  values(): Iterable<OpenLeg> {
    return this.#legs.values();
  }

  opened(number: number, leg: OpenLeg): void {
    this.#legs.set(number, leg);
    this.#tell({ kind: 'opened', leg: number, insidePort: leg.insidePort });
  }

  refused(number: number, error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    this.#tell({ kind: 'refused', leg: number, code });
  }

  carryOut(command: Exclude<ToThread, { kind: 'open' }>): void {
    const leg = this.#legs.get(command.leg);
    if (leg === undefined) return;
    switch (command.kind) {
      case 'inside':
        return leg.connectInside(command.port);
      case 'remote':
        return leg.packets.setRemote(command.remote);
      case 'inbound':
        return leg.packets.setInbound(command.flow, performance.now());
      case 'outbound':
        return leg.packets.setOutbound(command.flow);
      case 'security':
        return leg.packets.setSecurity(command.security);
      case 'direction':
        return leg.packets.setDirection(command.direction, performance.now());
      case 'dtmf':
        leg.packets.sendDtmf(command.digit, command.durationMs);
        return leg.playDigits();
      case 'stats':
        return this.#tell({ kind: 'stats', leg: command.leg, id: command.id, stats: leg.packets.stats });
      case 'close':
        this.#legs.delete(command.leg);
        return leg.close();
      default:
        return command satisfies never;
    }
  }

  watch(nowMs: number): void {
    for (const leg of this.#legs.values()) leg.packets.watch(nowMs);
  }
}
