import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { silentLog } from '../ports/log.ts';
import { type CommandHandlers, CommandRefused, Commands } from './commands.ts';

function bench(handlers: Partial<CommandHandlers>) {
  const clock = new FakeClock();
  const unexpected = () => assert.fail('not expected');
  const all: CommandHandlers = {
    request: unexpected,
    resume: unexpected,
    'connection-lost': unexpected,
    'register-elsewhere': unexpected,
    'unregister-elsewhere': unexpected,
    'device-ready': unexpected,
    page: unexpected,
    end: unexpected,
    drain: unexpected,
    'list-calls': unexpected,
    ladder: unexpected,
    probe: unexpected,
    ...handlers,
  };
  const refused: EdgeCommand[] = [];
  const commands = new Commands({
    clock,
    log: silentLog,
    handlers: all,
    refused: async (command) => void refused.push(command),
  });
  return { clock, commands, refused };
}

const drain = (id: string, ttlMs = 1000) => ({ kind: 'drain', id, ttlMs }) as const;

test('a command is carried out once, however often it comes, and answered each time', async () => {
  let drained = 0;
  const { clock, commands } = bench({ drain: () => void drained++ });
  const answers = [await commands.take(drain('c1')), await commands.take(drain('c1'))];
  assert.deepEqual(answers, [
    { kind: 'done', id: 'c1', ok: true },
    { kind: 'done', id: 'c1', ok: true },
  ]);
  assert.equal(drained, 1);
  await clock.advance(121_000);
  await commands.take(drain('c2'));
  await commands.take(drain('c1'));
  assert.equal(drained, 3);
});

test('what a question gives is in the answer', async () => {
  const { commands } = bench({ 'list-calls': () => [], probe: async () => ({ ok: true }) });
  assert.deepEqual(await commands.take({ kind: 'list-calls', id: 'c1', ttlMs: 1 }), {
    kind: 'done',
    id: 'c1',
    ok: true,
    result: [],
  });
  assert.deepEqual((await commands.take({ kind: 'probe', id: 'c2', ttlMs: 1 })).result, { ok: true });
});

test('a refusal is told in its words, a fault of ours is not', async () => {
  const { commands } = bench({
    drain: () => {
      throw new CommandRefused('there is no such session');
    },
    probe: () => {
      throw new Error('secret inner state');
    },
  });
  assert.deepEqual(await commands.take(drain('c1')), {
    kind: 'done',
    id: 'c1',
    ok: false,
    error: 'there is no such session',
  });
  assert.deepEqual(await commands.take({ kind: 'probe', id: 'c2', ttlMs: 1 }), {
    kind: 'done',
    id: 'c2',
    ok: false,
    error: 'internal error',
  });
});

test('a command without time to live is not begun', async () => {
  const { commands } = bench({});
  assert.equal((await commands.take(drain('c1', 0))).ok, false);
});

test('a command that nobody waits for is refused to whom it concerns', async () => {
  const { commands, refused } = bench({
    drain: () => {
      throw new CommandRefused('not now');
    },
  });
  const quiet = { ...drain('c1'), quiet: true } as const;
  await commands.take(drain('c0'));
  assert.deepEqual(refused, []);
  await commands.take(quiet);
  assert.deepEqual(refused, [quiet]);
  await commands.take(quiet);
  assert.equal(refused.length, 1);
});
