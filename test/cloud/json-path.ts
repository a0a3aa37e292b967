import { isJsonObject, type JsonObject } from '@sylk/protocol/json.ts';

type Path = readonly (string | number)[];

/** What lies at this path of a JSON value; undefined where there is nothing. */
export const at = (value: unknown, ...path: Path): unknown =>
  path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isJsonObject(inner) ? inner[key] : undefined;
  }, value);

/** @returns the object at this path, an empty one where there is none */
export const objectAt = (value: unknown, ...path: Path): JsonObject => {
  const found = at(value, ...path);
  return isJsonObject(found) ? found : {};
};

/** @returns the list at this path; what is no list counts as a list of one, as in policies; none where there is nothing */
export const listAt = (value: unknown, ...path: Path): readonly unknown[] => {
  const found = at(value, ...path);
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
};

/** @throws Error when there is no text at this path */
export const textAt = (value: unknown, ...path: Path): string => {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  throw new Error(`no text at ${path.join('.')}: ${JSON.stringify(found)}`);
};

/** @returns the number at this path, or `usual` where there is none */
export const numberAt = (value: unknown, usual: number, ...path: Path): number => {
  const found = at(value, ...path);
  return found === undefined ? usual : Number(found);
};
