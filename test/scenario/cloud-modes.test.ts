import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCloud } from '../cloud/cloud.ts';
import { type Mode, singleModes } from '../cloud/faults.ts';
import { probe } from '../probe/probe.ts';

const modes: readonly (Mode | undefined)[] = [undefined, ...singleModes, 'hostile'];

for (const mode of modes) {
  test(`a call survives the loss of its socket in the cloud${mode === undefined ? '' : `, mode ${mode}`}`, async () => {
    const cloud = await startCloud({ modes: mode === undefined ? [] : [mode], secondsScale: 0.2 });
    try {
      const steps = await probe(cloud.origin);
      assert.equal(steps.at(-1)?.what, 'the end is told');
      assert.deepEqual(cloud.queue.deadLetters, []);
      const refused = cloud.log.filter((line) => line.includes('is not authorized to perform'));
      assert.deepEqual(refused, []);
    } catch (cause) {
      throw new Error(`${cause instanceof Error ? cause.message : cause}; ${cloud.about()}`, { cause });
    } finally {
      await cloud.stop();
    }
  });
}
