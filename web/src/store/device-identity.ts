import { uuid } from '../client/identifiers.ts';
import type { Browser, Memory } from './browser.ts';
import { readStored, writeStored } from './stored-json.ts';

/**
 * The id under which the gateway knows this tab. It survives a reload, or the call would be lost with it; two
 * tabs never have the same one, or only the later would ring; and closed tabs leave theirs to new ones.
 */
export async function claimDevice(browser: Browser): Promise<string> {
  const { memory, tabMemory } = browser;
  const known = readStored(memory, allKey, idsIn) ?? [];
  const own = tabMemory.read(tabKey);
  for (const id of new Set([...(own === undefined ? [] : [own]), ...known])) {
    if (await browser.claim(lockName(id))) return keep(tabMemory, id);
  }
  const id = uuid();
  await browser.claim(lockName(id));
  writeStored(memory, allKey, [...known, id].slice(-mostIds));
  return keep(tabMemory, id);
}

function keep(tabMemory: Memory, id: string): string {
  tabMemory.write(tabKey, id);
  return id;
}

const idsIn = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((id) => typeof id === 'string' && idForm.test(id)) : undefined;

const idForm = /^[\w-]{8,64}$/;
const lockName = (id: string): string => `sylk-device-${id}`;
const tabKey = 'sylk.device';
const allKey = 'sylk.devices';
/** Fewer than the devices that the gateway remembers for one account. */
const mostIds = 8;
