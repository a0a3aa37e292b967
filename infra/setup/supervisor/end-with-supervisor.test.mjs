import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const partModule = new URL('./part.mjs', import.meta.url).href;
const lifeline = new URL('./end-with-supervisor.mjs', import.meta.url).href;

test('a part whose supervisor is killed ends politely by itself', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sylk-orphan-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const part = join(folder, 'part.mjs');
  writeFileSync(
    part,
    `process.on('SIGTERM', () => { console.error('bye'); process.exit(0); });
     setInterval(() => {}, 1000);
     console.log('{"ready":"part"}');`,
  );
  const supervisor = join(folder, 'supervisor.mjs');
  writeFileSync(
    supervisor,
    `import { runPart } from ${JSON.stringify(partModule)};
     const args = ['--import', ${JSON.stringify(lifeline)}, ${JSON.stringify(part)}];
     const options = { name: 'part', file: process.execPath, args, env: process.env, cwd: '.', endLimitMs: 100 };
     runPart(options, () => console.log('ready'));`,
  );
  const killed = spawn(process.execPath, [supervisor], { stdio: ['ignore', 'pipe', 'pipe'] });
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  // The part has inherited this stream, so what it says arrives although its supervisor is dead.
  const [said] = await once(killed.stderr, 'data');
  assert.equal(String(said), 'bye\n');
});
