import assert from 'node:assert/strict';
import type { MessageLoad } from '../peers/message-load.ts';

/** Every acknowledged text is there once for its writer and once for its reader, and devices of an account agree. */
export async function checkHistories(load: MessageLoad): Promise<void> {
  const incoming = new Map<string, number>();
  const outgoing = new Map<string, number>();
  for (const devices of load.ofAccounts()) {
    const [history = [], ...others] = await Promise.all(devices.map((device) => device.history()));
    for (const other of others) assert.deepEqual(other, history);
    for (const { message_id, direction, content_type } of history) {
      if (content_type !== 'text/plain') continue;
      const counted = direction === 'incoming' ? incoming : outgoing;
      counted.set(String(message_id), (counted.get(String(message_id)) ?? 0) + 1);
    }
  }
  const acknowledged = load.writers.flatMap((writer) => [...writer.acknowledged]).sort();
  const wrong = acknowledged.filter((id) => incoming.get(id) !== 1 || outgoing.get(id) !== 1);
  assert.deepEqual(wrong, []);
  // Nothing is there that nobody wrote, and nothing under a second id.
  assert.deepEqual([...incoming.keys()].sort(), acknowledged);
  assert.deepEqual([...outgoing.keys()].sort(), acknowledged);
}
