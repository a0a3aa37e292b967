/** The thread that relays packets: it carries out the commands of `relay.ts` and has no state but its legs. */
import { parentPort } from 'node:worker_threads';
import { LegSockets } from './leg-sockets.ts';
import type { FromThread, ToThread } from './messages.ts';

/** How often legs look for what did not come. */
const watchMs = 250;
const faultReportMs = 1000;

const port = parentPort;
if (port === null) throw new Error('relay-thread.ts runs as a worker thread only');

const legs = new Map<number, LegSockets>();
const tell = (message: FromThread): void => port.postMessage(message);

let faultAtMs = -Infinity;
function reportFault(error: unknown): void {
  if (performance.now() - faultAtMs < faultReportMs) return;
  faultAtMs = performance.now();
  tell({ kind: 'fault', text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

async function open(command: Extract<ToThread, { kind: 'open' }>): Promise<void> {
  const { leg } = command;
  try {
    const sockets = await LegSockets.open({
      ...command,
      tell: (event) => tell({ kind: 'event', leg, event }),
      fault: reportFault,
    });
    legs.set(leg, sockets);
    tell({ kind: 'opened', leg, insidePort: sockets.insidePort });
  } catch (error) {
    tell({
      kind: 'refused',
      leg,
      code: error instanceof Error && 'code' in error ? String(error.code) : String(error),
    });
  }
}

function carryOut(command: Exclude<ToThread, { kind: 'open' }>, leg: LegSockets): void {
  const nowMs = performance.now();
  switch (command.kind) {
    case 'inside':
      return leg.connectInside(command.port);
    case 'remote':
      return leg.packets.setRemote(command.remote);
    case 'inbound':
      return leg.packets.setInbound(command.flow, nowMs);
    case 'outbound':
      return leg.packets.setOutbound(command.flow);
    case 'direction':
      return leg.packets.setDirection(command.direction, nowMs);
    case 'dtmf':
      return leg.sendDtmf(command.digit, command.durationMs);
    case 'stats':
      return tell({ kind: 'stats', leg: command.leg, id: command.id, stats: leg.packets.stats });
    case 'close': {
      legs.delete(command.leg);
      return leg.close();
    }
    default:
      return command satisfies never;
  }
}

port.on('message', (command: ToThread) => {
  if (command.kind === 'open') {
    void open(command);
    return;
  }
  const leg = legs.get(command.leg);
  try {
    if (leg !== undefined) carryOut(command, leg);
  } catch (error) {
    reportFault(error);
  }
});

setInterval(() => {
  const nowMs = performance.now();
  for (const leg of legs.values()) leg.packets.watch(nowMs);
}, watchMs);
