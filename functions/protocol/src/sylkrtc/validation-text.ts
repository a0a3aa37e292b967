import type { z } from 'zod';
import { isJsonObject, type JsonObject } from '../json.ts';
import { showValue } from '../python-literal.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * Says what is wrong with a request, in the words of the reference server where it has some:
 *
 *     Mandatory property 'password' of 'AccountAddRequest' object is missing
 *     Invalid value for 'state' property: 'on' (expected: active or idle)
 *
 * @param issue   the first that the schema found
 * @param request as received
 * @param model   of the request, see request-models.ts
 */
export const validationText = (issue: Issue, request: JsonObject, model: string): string => {
  switch (issue.code) {
    case 'custom':
    case 'invalid_format':
      return issue.message;
    case 'too_big':
    case 'too_small':
      return boundText(issue, request);
    case 'invalid_union':
      return addressbookTypeText(request);
    default:
      return typeText(issue, request, model);
  }
};

const typeText = (issue: Issue, request: JsonObject, model: string): string => {
  const value = valueAt(request, issue.path);
  const field = issue.path.at(-1);
  if (value === undefined) {
    if (field === 'data') return "'data'";
    return `Mandatory property '${String(field)}' of '${modelAt(issue.path, request, model)}' object is missing`;
  }
  if (typeof field === 'number') return `Invalid value for ${elementType(issue.path)}: ${showValue(value)}`;
  const expected = issue.code === 'invalid_value' ? ` (expected: ${alternatives(issue.values)})` : '';
  return `Invalid value for '${String(field)}' property: ${showValue(value)}${expected}`;
};

/** `a, b or c`, in alphabetical order. */
const alternatives = (values: readonly unknown[]): string => {
  const sorted = values.map(String).sort();
  const last = sorted.pop() ?? '';
  return sorted.length === 0 ? last : `${sorted.join(', ')} or ${last}`;
};

// The texts for bounds are our own: the reference server has none of these bounds.
const boundText = (issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall, request: JsonObject): string => {
  const value = valueAt(request, issue.path);
  const field = issue.path.join('.');
  const bound = issue.code === 'too_big' ? `at most ${issue.maximum}` : `at least ${issue.minimum}`;
  if (typeof value === 'string') return `${field} is ${value.length} characters long, ${bound} are allowed`;
  if (Array.isArray(value)) return `${field} has ${value.length} entries, ${bound} are allowed`;
  return `Invalid value for '${field}' property: ${showValue(value)} (expected: ${bound})`;
};

// Only `account-update-addressbook` is a union within a request; the reference server reads `data` before `type`.
const addressbookTypeText = (request: JsonObject): string => {
  if (request.data === undefined) return "'data'";
  if (request.type === undefined) return "'type'";
  return `Unknown type: ${typeof request.type === 'string' ? request.type.slice(0, 64) : showValue(request.type)}`;
};

const valueAt = (request: JsonObject, path: Path): unknown => {
  let value: unknown = request;
  for (const key of path) {
    if (Array.isArray(value) && typeof key === 'number') value = value[key];
    else if (isJsonObject(value) && typeof key === 'string') value = value[key];
    else return undefined;
  }
  return value;
};

/** Class names of the objects inside requests, by the field that holds them or a list of them. */
const nestedModels = new Map<PropertyKey, string>([
  ['candidates', 'ICECandidate'],
  ['headers', 'Header'],
  ['options', 'VideoroomSessionOptions'],
  ['uris', 'ContactURI'],
  ['defaultUri', 'ContactURI'],
  ['default_uri', 'ContactURI'],
  ['dialog', 'EventHandling'],
  ['presence', 'EventHandling'],
  ['contacts', 'Contact'],
]);

const dataModels = new Map<unknown, string>([
  ['contact', 'Contact'],
  ['group', 'Group'],
  ['policy', 'Policy'],
]);

const modelAt = (path: Path, request: JsonObject, model: string): string => {
  const holder = holderOf(path);
  if (holder === undefined) return model;
  const nested = holder === 'data' ? dataModels.get(request.type) : nestedModels.get(holder);
  return nested ?? model;
};

const holderOf = (path: Path): PropertyKey | undefined => path.slice(0, -1).findLast((key) => typeof key === 'string');

// The reference server names the type of its strings twice; a client may have seen it so.
const elementType = (path: Path): string => nestedModels.get(holderOf(path) ?? '') ?? 'str, str';
