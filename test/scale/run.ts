/** `npm run scale`: counts, and writes docs/scale.md. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countAll } from './count.ts';
import { report } from './report.ts';

const text = report(await countAll());
console.log(text);
await writeFile(join(import.meta.dirname, '../../docs/scale.md'), text);
process.exit();
