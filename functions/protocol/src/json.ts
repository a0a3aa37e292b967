import { maxJsonDepth } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';

/** A JSON object whose fields nobody has looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads JSON text that came over a wire; the product's only `JSON.parse` of such text.
 *
 * @throws ProtocolError when it is not JSON, or nested more than `maxJsonDepth` levels deep
 */
export const parseJson = (text: string): unknown => {
  const value = parse(text);
  if (isDeeperThan(maxJsonDepth, value)) throw new ProtocolError(`nested deeper than ${maxJsonDepth} levels`);
  return value;
};

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('not JSON', { cause });
  }
};

// Level by level and not recursive: the value may be deep enough to exhaust the stack.
const isDeeperThan = (maxDepth: number, value: unknown): boolean => {
  let level = [value].filter(isContainer);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === maxDepth) return true;
    level = level.flatMap((container) => Object.values(container)).filter(isContainer);
  }
  return false;
};

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
