import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** Where things that outlive the checkout are kept (XDG base directory rules). */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sylk-gateway');

/** Where the long output of a set-up step goes. */
export const logs = join(cache, 'logs');

/** The programs of the product, run by Node 24 as they are. */
export const entries = {
  signaling: join(checkout, 'functions/src/main-local.ts'),
  edge: join(checkout, 'media-edge/src/main.ts'),
  bench: join(checkout, 'test/bench/run.ts'),
};
