import type { Clock } from '../client/clock.ts';
import type { Connection } from '../client/connection.ts';
import type { StoreMessages } from './messages/en.ts';
import { Sentence } from './sentence.ts';

/**
 * Waits until the connection can be used.
 *
 * @throws Sentence after 15 s, or when the connection is closed
 */
export function whenReady(connection: Connection, clock: Clock, messages: StoreMessages): Promise<void> {
  if (connection.state === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const finish = (act: () => void) => {
      connection.off('stateChanged', listener);
      timer.cancel();
      act();
    };
    const giveUp = () => finish(() => reject(new Sentence(messages.error.serverGone)));
    const listener = (_old: unknown, state: Connection['state']) => {
      if (state === 'ready') finish(resolve);
      if (state === 'closed') giveUp();
    };
    const timer = clock.after(patienceMs, giveUp);
    connection.on('stateChanged', listener);
  });
}

const patienceMs = 15_000;
