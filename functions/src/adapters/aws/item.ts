import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as DynamoDB gives it; the readers below say what an attribute holds, and throw where it does not. */
export type Item = Record<string, AttributeValue>;

export type Value = string | number | boolean | readonly string[] | ReadonlySet<string> | Values | undefined;

/** What an item shall hold; what is undefined is left out. */
export interface Values {
  readonly [attribute: string]: Value;
}

/** Writes values in DynamoDB's form. */
export const toItem = (values: Values): Item => {
  const item: Item = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) item[name] = toAttribute(value);
  return item;
};

const toAttribute = (value: Exclude<Value, undefined>): AttributeValue => {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isSet(value)) return { SS: [...value] };
  return isList(value) ? { L: value.map((text) => ({ S: text })) } : { M: toItem(value) };
};

const isSet = (value: readonly string[] | ReadonlySet<string> | Values): value is ReadonlySet<string> =>
  value instanceof Set;

const isList = (value: readonly string[] | Values): value is readonly string[] => Array.isArray(value);

export const optionalText = (item: Item, name: string): string | undefined => item[name]?.S;

export const text = (item: Item, name: string): string => item[name]?.S ?? missing(item, name, 'text');

export const optionalNumber = (item: Item, name: string): number | undefined => {
  const digits = item[name]?.N;
  return digits === undefined ? undefined : Number(digits);
};

export const number = (item: Item, name: string): number =>
  optionalNumber(item, name) ?? missing(item, name, 'a number');

/** A truth that is kept only where it holds is false where it is absent. */
export const flag = (item: Item, name: string): boolean => item[name]?.BOOL ?? false;

export const textList = (item: Item, name: string): readonly string[] => {
  const list = item[name]?.L ?? missing(item, name, 'a list');
  return list.map((one) => one.S ?? missing(item, name, 'texts'));
};

/** A set is there only while something is in it; it has no order, this has. */
export const textSet = (item: Item, name: string): readonly string[] => (item[name]?.SS ?? []).toSorted();

/** The items that an attribute holds by name. */
export const parts = (item: Item, name: string): readonly Item[] =>
  Object.values(item[name]?.M ?? missing(item, name, 'a map')).map((part) => part.M ?? missing(item, name, 'maps'));

/** One of the words that an attribute may hold. */
export const word = <Word extends string>(item: Item, name: string, words: readonly Word[]): Word => {
  const value = text(item, name);
  return words.find((candidate) => candidate === value) ?? missing(item, name, words.join(' or '));
};

const missing = (item: Item, name: string, expected: string): never => {
  const where = `${item.pk?.S ?? ''} ${item.sk?.S ?? ''}`.trim();
  throw new Error(`attribute ${name} of item '${where}' holds ${JSON.stringify(item[name])}, expected ${expected}`);
};
