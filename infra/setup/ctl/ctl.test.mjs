import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const run = fileURLToPath(new URL('../run.mjs', import.meta.url));

/**
 * Says something to a gateway that has two pages of addresses and no call.
 *
 * @param {readonly string[]} args
 * @param {{ isRunning?: boolean }} [options]
 */
async function say(args, { isRunning = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sylk-ctl-'));
  /** @type {string[]} */
  const asked = [];
  const gateway = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [status, body] = answerTo(request.url ?? '');
    response.writeHead(status).end(body && JSON.stringify(body));
  });
  if (isRunning) await once(gateway.listen(join(folder, 'ctl.sock')), 'listening');
  const env = { ...process.env, SYLK_DATA_DIR: folder };
  const [code, stdout, stderr] = await new Promise((resolve) => {
    execFile(process.execPath, [run, 'ctl', ...args], { env }, (error, out, err) =>
      resolve([error?.code ?? 0, out, err]),
    );
  });
  gateway.close();
  rmSync(folder, { recursive: true });
  return { code, stdout, stderr, asked };
}

/**
 * @param {string} url
 * @returns {[status: number, body?: object]}
 */
function answerTo(url) {
  if (url === '/addresses') return [200, { addresses: [{ address: 'a@x' }], next: 'a@x' }];
  if (url === '/addresses?after=a%40x') return [200, { addresses: [{ address: 'b@x' }], next: null }];
  if (url === '/calls') return [200, { calls: [] }];
  if (url === '/addresses/a%40x/revoke') return [204];
  return [404, { error: 'there is no call nine' }];
}

test('a list is shown with all of its pages', async () => {
  assert.deepEqual(await say(['addresses']), {
    code: 0,
    stdout: 'address\na@x\nb@x\n',
    stderr: '',
    asked: ['GET /addresses', 'GET /addresses?after=a%40x'],
  });
});

test('a list is shown as JSON if asked', async () => {
  const { stdout } = await say(['addresses', '--json']);
  assert.deepEqual(JSON.parse(stdout), [{ address: 'a@x' }, { address: 'b@x' }]);
});

test('an empty list is said in words', async () => {
  assert.equal((await say(['calls'])).stdout, 'no calls\n');
});

test('a change is asked for, and said to be done', async () => {
  const { stdout, asked } = await say(['revoke', 'a@x']);
  assert.deepEqual([stdout, asked], ['done\n', ['POST /addresses/a%40x/revoke']]);
});

test("a refusal is shown in the gateway's words", async () => {
  const { code, stderr } = await say(['end', 'nine']);
  assert.equal(code, 1);
  assert.match(stderr, /there is no call nine/);
});

test('without a gateway it says how to start one', async () => {
  const { code, stderr } = await say(['calls'], { isRunning: false });
  assert.equal(code, 1);
  assert.match(stderr, /no gateway can be reached at .*ctl\.sock \(ENOENT\)\n-> start it with npm start/);
});

for (const args of [[], ['dance'], ['end'], ['calls', 'all'], ['end', 'a', 'b'], ['constructor']]) {
  test(`'${args.join(' ')}' is answered with what can be said`, async () => {
    const { code, stderr, asked } = await say(args);
    assert.equal(code, 1);
    assert.match(stderr, /revoke ADDRESS +takes an address away for good/);
    assert.deepEqual(asked, []);
  });
}
