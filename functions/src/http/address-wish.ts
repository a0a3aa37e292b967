import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import { ProtocolError } from '@sylk/protocol/protocol-error.ts';
import { HttpError, type HttpRequest } from './message.ts';

export type AddressWish =
  | { readonly lifetime: 'temporary' }
  | {
      readonly lifetime: 'permanent';
      readonly name: string;
      readonly password: string;
      readonly displayName: string;
    };

interface Rule {
  readonly rule: string;
  isKept(value: string): boolean;
}

const rules: Readonly<Record<'lifetime' | 'name' | 'password' | 'displayName', Rule>> = {
  lifetime: {
    rule: '"temporary" or "permanent"',
    isKept: (value) => value === 'temporary' || value === 'permanent',
  },
  name: {
    rule: '3 to 32 letters a to z, digits, and single . _ - between them, with at least one letter',
    isKept: (value) => /^(?=.{3,32}$)(?=.*[a-z])[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(value),
  },
  password: {
    rule: '8 to 128 characters',
    isKept: (value) => /^\P{Cc}{8,128}$/u.test(value),
  },
  displayName: {
    rule: 'up to 64 characters, no quotation marks',
    isKept: (value) => /^[^"\p{Cc}]{0,64}$/u.test(value),
  },
};

/** Names that people take for the server's own. */
const reserved = new Set([
  'abuse',
  'admin',
  'administrator',
  'anonymous',
  'conference',
  'echo',
  'help',
  'hostmaster',
  'info',
  'operator',
  'postmaster',
  'root',
  'security',
  'support',
  'sylk',
  'system',
  'webmaster',
]);

/**
 * Reads what somebody wants of `POST /api/addresses`.
 *
 * @throws HttpError 415 for anything but JSON; 400 with `field` and `rule`; 409 for a name of the server's own
 */
export const parseWish = (request: HttpRequest): AddressWish => {
  const body = readObject(request);
  if (field(body, 'lifetime') === 'temporary') return { lifetime: 'temporary' };
  const name = field({ ...body, name: typeof body.name === 'string' ? body.name.toLowerCase() : body.name }, 'name');
  const password = field(body, 'password');
  const displayName = body.displayName === undefined ? name : field(body, 'displayName').trim() || name;
  if (reserved.has(name)) throw new HttpError(409, `the name ${name} is taken, choose another`, { field: 'name' });
  return { lifetime: 'permanent', name, password, displayName };
};

const readObject = ({ headers, body }: HttpRequest) => {
  const type = headers['content-type'] ?? 'absent';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new HttpError(415, `content-type is ${type}, expected application/json`);
  }
  const value = readJson(body);
  if (!isJsonObject(value)) throw new HttpError(400, 'body is not a JSON object', { field: '', rule: 'a JSON object' });
  return value;
};

const readJson = (body: string): unknown => {
  try {
    return parseJson(body);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
};

const field = (body: Readonly<Record<string, unknown>>, name: keyof typeof rules): string => {
  const value = body[name];
  const { rule, isKept } = rules[name];
  if (typeof value === 'string' && isKept(value)) return value;
  throw new HttpError(400, `${name} is ${value === undefined ? 'missing' : 'not allowed'}, expected ${rule}`, {
    field: name,
    rule,
  });
};
