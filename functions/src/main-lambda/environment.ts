import { addressesPerHour, callsPerMinute, maxConnectionsPerAddress } from '@sylk/protocol/limits.ts';
import { parseSipAddress } from '@sylk/protocol/sip-address.ts';
import type { LogLevel } from '../adapters/lambda/json-log.ts';
import { type Providers, parseProviders, providersForm } from '../signaling/elsewhere/providers.ts';
import type { OwnDomain } from '../signaling/own-domain.ts';

type Values = Readonly<Record<string, string | undefined>>;

/** Something that the stacks tell each function is missing or wrong; the text names it and the allowed form. */
export class EnvironmentError extends Error {
  constructor(name: string, value: string | undefined, expected: string) {
    super(`${name} is ${value === undefined ? 'missing' : `'${value}'`}, expected ${expected}`);
    this.name = 'EnvironmentError';
  }
}

/** The environment of a function. Each reads what it uses, when it starts. */
export class Environment {
  readonly #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  get table(): string {
    return this.#read('SYLK_TABLE', /^[\w.-]{3,255}$/, 'the name of a table');
  }

  /** Where frames for browsers are posted. */
  get browserApi(): string {
    return this.#read('SYLK_BROWSER_API', /^https?:\/\/[^/\s]+(\/\S*)?$/, 'the https URL of an API and its stage');
  }

  get edgeApi(): string {
    return this.#read('SYLK_EDGE_API', /^https?:\/\/[^/\s]+(\/\S*)?$/, 'the https URL of an API and its stage');
  }

  get followUpQueue(): string {
    return this.#read('SYLK_FOLLOW_UP_QUEUE', /^https?:\/\/\S+$/, 'the URL of a queue');
  }

  get edgeSecret(): string {
    return this.#read('SYLK_EDGE_SECRET', /^\S+$/, 'the ARN of a secret');
  }

  get accountSecret(): string {
    return this.#read('SYLK_ACCOUNT_SECRET', /^\S+$/, 'the ARN of a secret');
  }

  /** Absent where nothing stands in front of the APIs. */
  get frontSecret(): string | undefined {
    return this.#values.SYLK_FRONT_SECRET || undefined;
  }

  get domain(): OwnDomain {
    const name = this.#host('SYLK_DOMAIN', this.#values.SYLK_DOMAIN ?? '');
    return {
      name,
      aliases: this.#list('SYLK_DOMAIN_ALIASES').map((alias) => this.#host('SYLK_DOMAIN_ALIASES', alias)),
    };
  }

  /** None where nothing is said: whose accounts are let in is the operator's decision. */
  get providers(): Providers {
    const text = this.#values.SYLK_FOREIGN_ACCOUNTS || 'none';
    const providers = parseProviders(text);
    if (providers === undefined) throw new EnvironmentError('SYLK_FOREIGN_ACCOUNTS', text, providersForm);
    return providers;
  }

  /** The host of the page; the domain where it is not named. */
  get webHost(): string {
    const host = this.#values.SYLK_WEB_HOST || this.domain.name;
    if (/^[\w.-]+$/.test(host)) return host;
    throw new EnvironmentError('SYLK_WEB_HOST', host, 'a host name');
  }

  get webOrigins(): readonly string[] {
    const origins = this.#list('SYLK_WEB_ORIGINS');
    const wrong = origins.find((origin) => origin !== '*' && !/^https?:\/\/[^/\s]+$/.test(origin));
    if (wrong === undefined) return origins;
    throw new EnvironmentError('SYLK_WEB_ORIGINS', wrong, "'*', or origins separated by commas");
  }

  get limits() {
    return {
      callsPerMinute: this.#number('SYLK_CALLS_PER_MINUTE', callsPerMinute),
      addressesPerHour: this.#number('SYLK_ADDRESSES_PER_HOUR', addressesPerHour),
    };
  }

  get connectionsPerAddress(): number {
    return this.#number('SYLK_CONNECTIONS_PER_ADDRESS', maxConnectionsPerAddress);
  }

  get logLevel(): LogLevel {
    const wanted = this.#values.SYLK_LOG_LEVEL || 'info';
    const level = levels.find((one) => one === wanted);
    if (level === undefined) throw new EnvironmentError('SYLK_LOG_LEVEL', wanted, levels.join(', '));
    return level;
  }

  #read(name: string, form: RegExp, expected: string): string {
    const value = this.#values[name];
    if (value === undefined || !form.test(value)) throw new EnvironmentError(name, value, expected);
    return value;
  }

  #list(name: string): readonly string[] {
    const items = (this.#values[name] ?? '').split(',').map((item) => item.trim());
    return items.filter((item) => item !== '');
  }

  #host(name: string, value: string): string {
    const parsed = parseSipAddress(value);
    if (parsed !== undefined && parsed.user === undefined && parsed.host === value.toLowerCase()) return parsed.host;
    throw new EnvironmentError(name, value, 'a host name such as sip.example.org');
  }

  #number(name: string, usual: number): number {
    const value = this.#values[name];
    if (value === undefined || value === '') return usual;
    if (/^[1-9]\d{0,9}$/.test(value)) return Number(value);
    throw new EnvironmentError(name, value, 'a whole number from 1');
  }
}

const levels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const satisfies readonly LogLevel[];
