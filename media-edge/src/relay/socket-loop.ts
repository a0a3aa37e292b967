import type { MessagePort } from 'node:worker_threads';
import { faultReport } from './fault-report.ts';
import { Legs } from './leg-commands.ts';
import { LegSockets } from './leg-sockets.ts';
import type { FromThread, ToThread } from './messages.ts';
import { watchIntervalMs } from './open-leg.ts';

/** Runs the thread on the sockets of the runtime. */
export function runSockets(port: MessagePort): void {
  const tell = (message: FromThread): void => port.postMessage(message);
  const fault = faultReport(tell);
  const legs = new Legs(tell);

  async function open(command: Extract<ToThread, { kind: 'open' }>): Promise<void> {
    const { leg } = command;
    try {
      legs.opened(
        leg,
        await LegSockets.open({ ...command, tell: (event) => tell({ kind: 'event', leg, event }), fault }),
      );
    } catch (error) {
      legs.refused(leg, error);
    }
  }

  port.on('message', (command: ToThread) => {
    if (command.kind === 'open') {
      void open(command);
      return;
    }
    try {
      legs.carryOut(command);
    } catch (error) {
      fault(error);
    }
  });
  setInterval(() => legs.watch(performance.now()), watchIntervalMs);
  tell({ kind: 'ready' });
}
