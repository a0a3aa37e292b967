import { availableParallelism } from 'node:os';
import { rtpSilenceMs } from '@sylk/protocol/limits.ts';
import { type Config, wrongSetting } from '../config.ts';
import { MediasoupSfu } from '../mediasoup/mediasoup-sfu.ts';
import type { Log } from '../ports/log.ts';
import { ThreadedRelay } from '../relay/relay.ts';
import { udpLibraryBeside } from '../relay/udp-library.ts';

/** More workers than that need more ports than the smallest range has. */
const maxWorkers = 8;

/** The ports of browsers' media, one a worker: the first of the range. */
export const browserPorts = ({ mediaPorts: { first } }: Config): { readonly first: number; readonly last: number } => ({
  first,
  last: first + Math.min(availableParallelism(), maxWorkers) - 1,
});

/** Starts the media workers and the relay, on the ports that the settings give them. */
export function startMedia(config: Config, log: Log): Promise<MediasoupSfu> {
  const { workerBin, publicAddress, mediaPorts } = config;
  if (workerBin === undefined)
    throw wrongSetting('SYLK_WORKER_BIN', '', 'the path of a mediasoup worker; npm start builds one and sets it');
  const browsers = browserPorts(config);
  const workers = browsers.last - browsers.first + 1;
  const ports = { first: browsers.last + 1, last: mediaPorts.last };
  const udpBatch = udpLibraryBeside(workerBin);
  const relay = new ThreadedRelay({ ports, silenceMs: rtpSilenceMs, log, udpBatch });
  return MediasoupSfu.start({ workerBin, workers, firstPort: mediaPorts.first, publicAddress, relay, log });
}
