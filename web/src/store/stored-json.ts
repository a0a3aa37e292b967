import type { Memory } from './browser.ts';

/** Keeps a value under a key; what was tampered with, or has another form, reads as absent. */
export function readStored<Value>(
  memory: Memory,
  key: string,
  parse: (value: unknown) => Value | undefined,
): Value | undefined {
  const text = memory.read(key);
  if (text === undefined) return undefined;
  try {
    return parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function writeStored(memory: Memory, key: string, value: unknown): void {
  if (value === undefined) memory.forget(key);
  else memory.write(key, JSON.stringify(value));
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
