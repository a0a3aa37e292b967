import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConnectionId, connectionId } from '@sylk/protocol/ids.ts';
import { settle } from '../../../test/fakes/fake-clock.ts';
import { type Delivery, Poster } from './poster.ts';

const [one, two] = [connectionId('c1'), connectionId('c2')];

/** Takes frames, and answers when the test says so. */
function bench() {
  const open: { frame: string; answer: (delivery: Delivery) => void; fail: () => void }[] = [];
  const poster = new Poster((connection, { text: frame }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Delivery>();
    open.push({ frame: `${connection} ${frame}`, answer: resolve, fail: () => reject(new Error('unknown')) });
    return promise;
  });
  const post = (connection: ConnectionId, text: string) => poster.post(connection, { text, generation: 1 });
  return { open, post, frames: () => open.map(({ frame }) => frame) };
}

test('one frame of a connection is on its way at a time; connections do not wait for each other', async () => {
  const { open, post, frames } = bench();
  const sent = [post(one, 'a'), post(one, 'b'), post(two, 'x')];
  assert.deepEqual(frames(), ['c1 a', 'c2 x']);
  open[0]?.answer('sent');
  await settle();
  assert.deepEqual(frames(), ['c1 a', 'c2 x', 'c1 b']);
  open[1]?.answer('sent');
  open[2]?.answer('sent');
  assert.deepEqual(await Promise.all(sent), ['sent', 'sent', 'sent']);
});

test('when a connection is gone, so is all that waits for it', async () => {
  const { open, post, frames } = bench();
  const sent = [post(one, 'a'), post(one, 'b')];
  open[0]?.answer('gone');
  assert.deepEqual(await Promise.all(sent), ['gone', 'gone']);
  void post(one, 'c');
  assert.deepEqual(frames(), ['c1 a', 'c1 c']);
});

test('a frame whose fate is unknown counts as lost', async () => {
  const { open, post } = bench();
  const sent = post(one, 'a');
  open[0]?.fail();
  assert.equal(await sent, 'gone');
});

test('what waits for one connection is bounded', async () => {
  const { post } = bench();
  for (let count = 0; count < 512; count += 1) void post(one, 'x');
  assert.equal(await post(one, 'one too many'), 'gone');
});
