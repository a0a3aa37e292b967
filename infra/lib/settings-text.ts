import { isIP } from 'node:net';

/** Settings are wrong; the text has a line for each. */
export class SettingsError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: ErrorOptions) {
    super(`the settings cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`, options);
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

/** Gives the value of a setting, or undefined when it has not the allowed form. */
export type Parse<Value> = (value: unknown) => Value | undefined;

/** Reads settings by name and remembers what was wrong, so that all of it can be told at once. */
export interface Reading {
  /** Gives empty text for one that is not there, so that the others can be read as well. */
  must(name: string, parse: Parse<string>, expected: string): string;
  may<Value>(name: string, parse: Parse<Value>, expected: string): Value | undefined;
  or<Value>(name: string, parse: Parse<Value>, expected: string, standard: Value): Value;
  fault(text: string): void;
  /** What was wrong, and names that nobody asked for. */
  faults(): readonly string[];
}

/** Reads values as they stand in a JSON file or on the command line, where all of them are text. */
export const settingReader = (values: Readonly<Record<string, unknown>>): Reading => {
  const faults: string[] = [];
  const asked = new Set<string>();
  const may: Reading['may'] = (name, parse, expected) => {
    asked.add(name);
    const value = values[name];
    if (value === undefined || value === '') return undefined;
    const parsed = parse(value);
    if (parsed === undefined) faults.push(`${name} is ${JSON.stringify(value)}, expected ${expected}`);
    return parsed;
  };
  return {
    may,
    or: (name, parse, expected, standard) => may(name, parse, expected) ?? standard,
    must: (name, parse, expected) => {
      const known = faults.length;
      const value = may(name, parse, expected);
      if (value === undefined && faults.length === known) faults.push(`${name} is missing, expected ${expected}`);
      return value ?? '';
    },
    fault: (text) => faults.push(text),
    faults: () => [...faults, ...unknownNames(values, asked)],
  };
};

const unknownNames = (values: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): readonly string[] =>
  Object.keys(values)
    .filter((name) => !known.has(name))
    .map((name) => `${name} is no setting; there are ${[...known].join(', ')}`);

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The retention times that CloudWatch Logs has up to ten years, in days. */
export const logRetentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653] as const;

export const text =
  (form: RegExp): Parse<string> =>
  (value) =>
    typeof value === 'string' && form.test(value) ? value : undefined;

export const wholeNumber =
  (least: number, most = 1_000_000_000): Parse<number> =>
  (value) => {
    const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d{1,10}$/.test(value));
    const number = isNumber ? Number(value) : Number.NaN;
    return Number.isInteger(number) && number >= least && number <= most ? number : undefined;
  };

export const enabled: Parse<boolean> = (value) => {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : undefined;
};

export const oneOf =
  <Value extends string | number>(allowed: readonly Value[]): Parse<Value> =>
  (value) =>
    allowed.find((one) => String(one) === String(value));

export const hostName: Parse<string> = (value) => {
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
  const isHost = typeof value === 'string' && value.length <= 253 && new RegExp(`^(${label}\\.)+${label}$`).test(value);
  return isHost && isIP(value) === 0 ? value : undefined;
};

/** A list in a file, or text with commas. */
export const listed =
  (parse: Parse<string>): Parse<readonly string[]> =>
  (value) => {
    const items: readonly unknown[] = Array.isArray(value) ? value : String(value).split(',');
    const parsed = items.map((item) => parse(typeof item === 'string' ? item.trim() : item));
    const good = parsed.filter((item) => item !== undefined);
    return good.length === parsed.length ? good : undefined;
  };

const provider: Parse<string> = (value) => {
  const [, domain = '', proxy] = /^([^=]+)(?:=(sips?:[^\s,=]+(?:=[^\s,]*)?))?$/.exec(String(value)) ?? [];
  const isGood = (domain === '*' || hostName(domain) !== undefined) && !(String(value).includes('=') && !proxy);
  return isGood ? String(value) : undefined;
};

/** Whose accounts people may bring, as one text. */
export const foreignAccounts: Parse<string> = (value) =>
  value === 'none' ? value : listed(provider)(value)?.join(',');

export const hostNames = listed(hostName);

export const origin: Parse<string> = (value) =>
  value === '*' || (typeof value === 'string' && /^https?:\/\/[^/\s,]+$/.test(value)) ? String(value) : undefined;

export const network: Parse<string> = (value) => {
  if (typeof value !== 'string') return undefined;
  const [address = '', prefix = '', ...rest] = value.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  const isNetwork = isIP(address) !== 0 && rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
  return isNetwork ? value : undefined;
};

/** @param region where the resource must be */
export const arnOf = (service: string, region: string): Parse<string> =>
  text(new RegExp(`^arn:aws[a-z-]*:${service}:${region}:\\d{12}:\\S+$`));

/** With what Secrets Manager adds to the name: without it the right to read it would not fit. */
export const secretArn: Parse<string> = text(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/,
);

/** Graviton's types have a `g` behind the number of their generation: `c7g`, `m8gn`; the first one is `a1`. */
export const instanceType: Parse<string> = text(/^[a-z]+\d+g[a-z]*\.[a-z0-9]+$/);

export const portRange: Parse<{ readonly first: number; readonly last: number }> = (value) => {
  const [first = 0, last = 0, ...more] = String(value).split('-').map(Number);
  const isPort = (port: number) => Number.isInteger(port) && port >= 1024 && port <= 65_535;
  return more.length === 0 && isPort(first) && isPort(last) && last - first >= 9 ? { first, last } : undefined;
};
