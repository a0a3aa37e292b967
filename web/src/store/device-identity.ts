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
  if (own !== undefined && (await claimPatiently(browser, own))) return own;
  for (const id of known) if (await browser.claim(lockName(id))) return keep(tabMemory, id);
  const id = uuid();
  await browser.claim(lockName(id));
  writeStored(memory, allKey, [...known, id].slice(-mostIds));
  return keep(tabMemory, id);
}

/** The page that was here before may still be on its way out. */
async function claimPatiently(browser: Browser, id: string): Promise<boolean> {
  for (let attempt = 1; attempt < attempts; attempt++) {
    if (await browser.claim(lockName(id))) return true;
    await new Promise<void>((resolve) => browser.clock.after(retryMs, resolve));
  }
  return browser.claim(lockName(id));
}

function keep(tabMemory: Memory, id: string): string {
  tabMemory.write(tabKey, id);
  return id;
}

const idsIn = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((id) => typeof id === 'string' && idForm.test(id)) : undefined;

const attempts = 5;
const retryMs = 100;
const idForm = /^[\w-]{8,64}$/;
const lockName = (id: string): string => `sylk-device-${id}`;
const tabKey = 'sylk.device';
const allKey = 'sylk.devices';
/** Fewer than the devices that the gateway remembers for one account. */
const mostIds = 8;
