/** The thread of the echoing phones; see echo-phones.ts. */
import { parentPort } from 'node:worker_threads';
import { cpuOfThread } from './cpu.ts';
import { SipEcho } from './sip-echo.ts';

export type FromThread =
  | { readonly port: number }
  /** Time in ms since 1970, with fractions. */
  | { readonly user: string; readonly what: 'invite' | 'media'; readonly at: number }
  | { readonly cpuSeconds: number };

const tell = (message: FromThread) => parentPort?.postMessage(message);

const echo = new SipEcho((user, what) => tell({ user, what, at: performance.timeOrigin + performance.now() }));
tell({ port: await echo.listen() });
parentPort?.on('message', () => tell({ cpuSeconds: cpuOfThread() }));
