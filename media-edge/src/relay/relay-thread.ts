/** The thread that relays packets: it carries out the commands of `leg-thread.ts` and has no state but its legs. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { BatchLoop } from './batch-loop.ts';
import type { FromThread } from './messages.ts';
import { runSockets } from './socket-loop.ts';
import { UdpBatch } from './udp-batch.ts';

if (parentPort === null) throw new Error('relay-thread.ts runs as a worker thread only');

const library: unknown = workerData;
const udp = typeof library === 'string' ? load(library, parentPort) : undefined;
if (udp === undefined) runSockets(parentPort);
else new BatchLoop(parentPort, udp).run();

/** A library that was built for another runtime or machine is no reason to have no relay. */
function load(path: string, port: MessagePort): UdpBatch | undefined {
  try {
    return new UdpBatch(path);
  } catch (error) {
    port.postMessage({ kind: 'fault', text: `${path} cannot be used: ${String(error)}` } satisfies FromThread);
    return undefined;
  }
}
