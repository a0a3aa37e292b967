import type { ConnectionId } from '@sylk/protocol/ids.ts';
import { TaskProtection } from '../aws/task-protection.ts';
import type { Config } from '../config.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Log } from '../ports/log.ts';
import { systemClock as clock } from './system-clock.ts';

type Deliver = (connection: ConnectionId, frame: string) => Promise<'sent' | 'gone'>;

/** The way to browsers when their sockets end at API Gateway. The SDK is not there, and not read, where it is not needed. */
export async function browserDelivery({ browserApi }: Config): Promise<Deliver | undefined> {
  if (browserApi === undefined) return undefined;
  const { browserPoster } = await import('../aws/browser-poster.ts');
  return browserPoster(browserApi);
}

/** Keeps a task of ECS while it has calls. @returns what ends that */
export function protectTask({ ecsAgent: agent }: Config, exchange: Exchange, log: Log): () => void {
  if (agent === undefined) return () => undefined;
  const protection = new TaskProtection({ agent, clock, log, calls: () => exchange.size });
  void protection.watch();
  return () => protection.stop();
}
