import type { Target } from './engine/target.ts';
import { plantedTarget } from './planted.ts';

/** Each loads its code when asked for, so that coverage is counted from the beginning. */
const loaders: ReadonlyMap<string, () => Promise<Target>> = new Map([
  ['sip-message', async () => (await import('./targets/sip-message.ts')).sipMessageTarget()],
  ['sip-values', async () => (await import('./targets/sip-values.ts')).sipValuesTarget],
  ['sip-stream', async () => (await import('./targets/sip-stream.ts')).sipStreamTarget],
  ['sip-stack', async () => (await import('./targets/sip-stack.ts')).sipStackTarget()],
  ['sdp', async () => (await import('./targets/sdp.ts')).sdpTarget],
  ['digest', async () => (await import('./targets/digest.ts')).digestTarget],
  ['relay', async () => (await import('./targets/relay.ts')).relayTarget],
]);

export const targetNames: readonly string[] = [...loaders.keys()];

/**
 * @param planted the fault to put into them, if any
 * @throws Error for a name that is none
 */
export function targetsCalled(names: readonly string[], planted: string | undefined): Promise<Target[]> {
  return Promise.all(
    names.map((name) => {
      const load = loaders.get(name);
      if (load === undefined) throw new Error(`no target '${name}', use one of: ${targetNames.join(', ')}`);
      return planted === undefined ? load() : plantedTarget(planted);
    }),
  );
}
