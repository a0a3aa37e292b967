import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A host of its own (a network namespace) that reaches this machine over two links, one at a time, as a telephone
 * does with Wi-Fi and mobile. Needs root.
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
  const namespace = `sylk${tag}`;
  const folder = await mkdtemp(join(tmpdir(), 'sylk-netns-'));
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });
  const inside = (...args: string[]) => ip('netns', 'exec', namespace, 'ip', ...args);
  // An address belongs to the machine, not to a link: it answers over the second link as well.
  const gateway = '10.77.1.1';
  ip('netns', 'add', namespace);
  inside('link', 'set', 'lo', 'up');
  for (const link of [1, 2]) {
    ip('link', 'add', `s${link}h${tag}`, 'type', 'veth', 'peer', 'name', `s${link}n${tag}`, 'netns', namespace);
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
  await writeFile(chromium, `#!/bin/sh\nexec ip netns exec ${namespace} /usr/bin/chromium "$@"\n`);
  await chmod(chromium, 0o755);
  return {
    gateway,
    chromium,
    moveTo(link) {
      down(link === 1 ? 2 : 1);
      up(link);
    },
    async stop() {
      ip('netns', 'del', namespace);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
