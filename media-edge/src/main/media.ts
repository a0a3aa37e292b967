import { availableParallelism } from 'node:os';
import { rtpSilenceMs } from '@sylk/protocol/limits.ts';
import { type Config, wrongSetting } from '../config.ts';
import { MediasoupSfu } from '../mediasoup/mediasoup-sfu.ts';
import type { Log } from '../ports/log.ts';
import { ThreadedRelay } from '../relay/relay.ts';
import { udpLibraryBeside } from '../relay/udp-library.ts';

/** More workers than that need more ports than the smallest range has. */
const maxWorkers = 8;

/** Starts the media workers and the relay, on the ports that the settings give them. */
export function startMedia(config: Config, log: Log): Promise<MediasoupSfu> {
  const { workerBin, publicAddress, mediaPorts } = config;
  if (workerBin === undefined)
    throw wrongSetting('SYLK_WORKER_BIN', '', 'the path of a mediasoup worker; npm start builds one and sets it');
  const workers = Math.min(availableParallelism(), maxWorkers);
  const ports = { first: mediaPorts.first + workers, last: mediaPorts.last };
  const udpBatch = udpLibraryBeside(workerBin);
  const relay = new ThreadedRelay({ ports, silenceMs: rtpSilenceMs, log, udpBatch });
  return MediasoupSfu.start({ workerBin, workers, firstPort: mediaPorts.first, publicAddress, relay, log });
}
