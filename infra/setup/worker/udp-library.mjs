import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { answerOf, runLogged } from '../command.mjs';
import { contentsOf, fingerprint } from '../fingerprint.mjs';
import { checkout } from '../places.mjs';
import { step } from '../progress.mjs';

const source = join(checkout, 'media-edge', 'native');
const flags = ['-O2', '-std=gnu17', '-fvisibility=hidden', '-shared', '-fPIC'];

/**
 * Puts the relay's UDP library beside a worker of ours, where the edge looks for it. Without a compiler there is none,
 * and the relay uses the sockets of the runtime, which cost it more than twice as much.
 *
 * @param {string} worker path of its binary
 */
export async function udpLibrary(worker) {
  const folder = dirname(realpathSync(worker));
  const [library, note] = [join(folder, 'udp-batch.node'), join(folder, 'udp-batch.source')];
  const wanted = fingerprint(contentsOf(source));
  if (existsSync(library) && existsSync(note) && readFileSync(note, 'utf8') === wanted) return;
  if ((await answerOf('cc', ['--version'])) === undefined) return;
  await step('UDP library of the relay', async () => {
    const work = mkdtempSync(join(folder, 'unfinished-'));
    try {
      const built = join(work, 'udp-batch.node');
      await runLogged('cc', [...flags, '-o', built, join(source, 'udp-batch.c')], { log: 'udp-library' });
      // Whoever runs on the old one keeps it: a file in use is replaced, not written over.
      renameSync(built, library);
      writeFileSync(join(work, 'source'), wanted);
      copyFileSync(join(work, 'source'), note);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}
