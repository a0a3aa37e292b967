import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Set-up builds it with the media worker and puts it beside that. */
const name = 'udp-batch.node';

/** Path of the library for `RelayOptions.udpBatch`; a worker that was brought from elsewhere may have none beside it. */
export function udpLibraryBeside(workerBin: string): string | undefined {
  const path = join(dirname(realpathSync(workerBin)), name);
  return existsSync(path) ? path : undefined;
}
