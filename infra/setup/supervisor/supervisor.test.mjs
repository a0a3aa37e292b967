import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Supervisor } from './supervisor.mjs';

/** Small programs that stand for the parts; each notes its life in a file of its own. */
const preamble = `
import { appendFileSync } from 'node:fs';
const note = (text) => appendFileSync(process.argv[2], text + '\\n');
const ready = (more) => console.log(JSON.stringify({ ready: process.argv[3], pid: process.pid, ...more }));
`;
const programs = {
  polite:
    "note('start'); process.once('SIGTERM', () => { note('end'); process.exit(0); }); setInterval(() => {}, 1000); ready({ urls: ['x'] });",
  deaf: "note('start'); process.on('SIGTERM', () => note('heard')); setInterval(() => {}, 1000); ready();",
  diesWhenReady: "note('start'); ready(); setTimeout(() => process.exit(7), 20);",
  neverReady: "note('start'); setTimeout(() => process.exit(3), 200);",
  wrongSettings: "note('start'); process.exit(78);",
};
const backOffLimits = { firstMs: 10, mostMs: 20, forgottenAfterMs: 60_000 };
const lifeline = new URL('./end-with-supervisor.mjs', import.meta.url).href;

let folder = '';
/** @type {Supervisor[]} */
const supervisors = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sylk-supervisor-'));
});
afterEach(() => {
  for (const supervisor of supervisors.splice(0)) supervisor.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** @param {Record<string, keyof typeof programs>} parts program by name of the part */
function supervise(parts) {
  /** @type {string[]} */
  const said = [];
  const supervisor = new Supervisor({
    parts: Object.entries(parts).map(([name, program]) => {
      const script = join(folder, `${name}.mjs`);
      writeFileSync(script, preamble + programs[program]);
      const args = ['--import', lifeline, script, join(folder, `${name}.notes`), name];
      return { name, file: process.execPath, args, env: process.env, cwd: folder, endLimitMs: 2000 };
    }),
    say: (text) => said.push(text),
    backOffLimits,
  });
  supervisors.push(supervisor);
  return { supervisor, said };
}

/** @param {string} name */
function notesOf(name) {
  const path = join(folder, `${name}.notes`);
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

/** @param {() => boolean} isSo */
async function until(isSo) {
  for (let tries = 0; tries < 3000 && !isSo(); tries++) await sleep(10);
  assert.ok(isSo(), `waited in vain for ${isSo}`);
}

test('says once that all parts are ready, with what they announced', async () => {
  const { supervisor } = supervise({ signaling: 'polite', edge: 'polite' });
  const announcements = await new Promise((resolve) => void supervisor.run(resolve));
  assert.deepEqual([...announcements.keys()].toSorted(), ['edge', 'signaling']);
  assert.deepEqual(announcements.get('signaling').urls, ['x']);
  await supervisor.stop();
});

test('stop lets every part end by itself, and run settles', async () => {
  const { supervisor } = supervise({ signaling: 'polite', edge: 'polite' });
  const run = supervisor.run(() => void supervisor.stop());
  await run;
  assert.deepEqual(notesOf('signaling'), ['start', 'end']);
  assert.deepEqual(notesOf('edge'), ['start', 'end']);
});

test('a part that does not end within its limit is killed', async () => {
  const { supervisor } = supervise({ edge: 'deaf' });
  const startedAt = Date.now();
  await supervisor.run(() => void supervisor.stop());
  assert.deepEqual(notesOf('edge'), ['start', 'heard']);
  assert.ok(Date.now() - startedAt < 30_000);
});

test('a part that dies is started again while the other goes on', async () => {
  const { supervisor, said } = supervise({ signaling: 'polite', edge: 'diesWhenReady' });
  const run = supervisor.run(() => undefined);
  await until(() => notesOf('edge').length >= 3);
  await supervisor.stop();
  await run;
  assert.ok(said.some((text) => /^edge ended with exit code 7; it is started again in 0.01 s$/.test(text)));
  assert.ok(said.includes('edge runs again'));
  assert.deepEqual(notesOf('signaling'), ['start', 'end']);
});

test('a part that dies before it was ever ready is given up, and the other ended', async () => {
  const { supervisor } = supervise({ signaling: 'polite', edge: 'neverReady' });
  await assert.rejects(
    supervisor.run(() => undefined),
    /edge ended with exit code 3 before it was ready, 3 times/,
  );
  assert.deepEqual(notesOf('edge'), ['start', 'start', 'start']);
  assert.deepEqual(notesOf('signaling'), ['start', 'end']);
});

test('a part with wrong settings is not tried again', async () => {
  const { supervisor } = supervise({ edge: 'wrongSettings' });
  await assert.rejects(
    supervisor.run(() => undefined),
    /edge cannot work with these settings/,
  );
  assert.deepEqual(notesOf('edge'), ['start']);
});

test('a program that is not there is a failure with its reason', async () => {
  const part = { name: 'edge', file: join(folder, 'none'), args: [], env: {}, cwd: folder, endLimitMs: 100 };
  const supervisor = new Supervisor({ parts: [part], say: () => undefined, backOffLimits });
  await assert.rejects(
    supervisor.run(() => undefined),
    /ENOENT/,
  );
});
