import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A host of its own (a network namespace) that reaches this machine over two links, one at a time, as a telephone
 * does with Wi-Fi and mobile. Needs root, if only that of a user namespace: see `asOwnRoot`.
 */
export interface TwoNetworks {
  /** This machine as the host sees it, over either link. */
  readonly gateway: string;
  /** A program that runs Chromium inside. */
  readonly chromium: string;
  /** Moves the host from its first link to its second, or back: the old address is gone at once. */
  moveTo(link: 1 | 2): void;
  stop(): Promise<void>;
}

export async function twoNetworks(): Promise<TwoNetworks> {
  const tag = String(process.pid % 10_000);
  const folder = await mkdtemp(join(tmpdir(), 'sylk-netns-'));
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });
  const host = await newHost();
  const enter = ['--target', String(host.pid), '--net'];
  const inside = (...args: string[]) => execFileSync('nsenter', [...enter, 'ip', ...args], { stdio: 'pipe' });
  // An address belongs to the machine, not to a link: it answers over the second link as well.
  const gateway = '10.77.1.1';
  // A new namespace of ours has its loopback down.
  ip('link', 'set', 'lo', 'up');
  inside('link', 'set', 'lo', 'up');
  for (const link of [1, 2]) {
    ip('link', 'add', `s${link}h${tag}`, 'type', 'veth', 'peer', 'name', `s${link}n${tag}`, 'netns', String(host.pid));
    ip('addr', 'add', `10.77.${link}.1/24`, 'dev', `s${link}h${tag}`);
    ip('link', 'set', `s${link}h${tag}`, 'up');
  }
  const up = (link: 1 | 2) => {
    inside('link', 'set', `s${link}n${tag}`, 'up');
    inside('addr', 'add', `10.77.${link}.2/24`, 'dev', `s${link}n${tag}`);
    inside('route', 'replace', 'default', 'via', `10.77.${link}.1`);
  };
  const down = (link: 1 | 2) => {
    inside('addr', 'flush', 'dev', `s${link}n${tag}`);
    inside('link', 'set', `s${link}n${tag}`, 'down');
  };
  up(1);
  const chromium = join(folder, 'chromium');
  await writeFile(chromium, `#!/bin/sh\nexec nsenter ${enter.join(' ')} /usr/bin/chromium "$@"\n`);
  await chmod(chromium, 0o755);
  return {
    gateway,
    chromium,
    moveTo(link) {
      down(link === 1 ? 2 : 1);
      up(link);
    },
    async stop() {
      host.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A process that keeps a network namespace. */
async function newHost(): Promise<ChildProcess> {
  const host = spawn('unshare', ['--net', 'sh', '-c', 'echo made; exec sleep infinity'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(host.stdout, 'data');
  return host;
}

/**
 * Runs a test file once more as the root of a user namespace, with a network of its own.
 *
 * @throws Error with what it said when it fails
 */
export async function asOwnRoot(file: string): Promise<void> {
  const inside = ['--map-root-user', '--net', process.execPath, '--test-reporter=spec', file];
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const test = spawn('unshare', inside, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let said = '';
  for (const output of [test.stdout, test.stderr]) output.on('data', (chunk) => (said += chunk));
  const [code] = await once(test, 'close');
  if (code !== 0) throw new Error(`ended with ${code}: ${said}`);
}
