import type { Browser } from './browser.ts';
import { type CallCourse, courseIn } from './call-course.ts';
import type { StoreMessages } from './messages/en.ts';
import { Sentence } from './sentence.ts';

export interface NewAddress {
  readonly address: string;
  readonly password: string;
  readonly displayName: string;
  /** ms since 1970; absent when it does not expire. */
  readonly expiresAt?: number;
}

export type AddressWish =
  | { readonly lifetime: 'temporary' }
  | { readonly lifetime: 'permanent'; readonly name: string; readonly password: string };

/** Address and password, or the HA1 in its place. */
export interface Credentials {
  readonly address: string;
  readonly password: string;
}

/** The gateway's HTTP interface. Everything rejects with a `Sentence`. */
export class GatewayApi {
  readonly #browser: Browser;
  readonly #origin: string;
  readonly #messages: StoreMessages;

  /** @param origin `https://host` of the gateway */
  constructor(browser: Browser, origin: string, messages: StoreMessages) {
    this.#browser = browser;
    this.#origin = origin;
    this.#messages = messages;
  }

  async makeAddress(wish: AddressWish): Promise<NewAddress> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.#fetch('/api/addresses', { method: 'POST', headers, body: JSON.stringify(wish) });
    const body = await bodyOf(response);
    if (response.status !== 201) throw this.#refusal(response, body, wish);
    const { address, password, displayName, expiresAt } = body;
    if (typeof address !== 'string' || typeof password !== 'string') throw this.#trouble(response);
    const ends = typeof expiresAt === 'string' ? { expiresAt: Date.parse(expiresAt) } : {};
    return { address, password, displayName: typeof displayName === 'string' ? displayName : '', ...ends };
  }

  /** @returns `false` when there was no such address any more, or the password is wrong */
  async removeAddress(credentials: Credentials): Promise<boolean> {
    const headers = { authorization: basic(credentials) };
    const response = await this.#fetch(`/api/addresses/${encodeURIComponent(credentials.address)}`, {
      method: 'DELETE',
      headers,
    });
    if (response.status === 429 || response.status >= 500) throw this.#trouble(response);
    return response.ok;
  }

  /** Domain whose addresses live at the gateway. */
  async domain(): Promise<string | undefined> {
    const { domain } = await bodyOf(await this.#fetch('/api/config', {}));
    return typeof domain === 'string' ? domain : undefined;
  }

  /** The course of a call as text. */
  async ladder(session: string, credentials: Credentials): Promise<string> {
    return (await this.#ladder(session, credentials, 'text/plain')).text();
  }

  /** The course of a call, step by step. */
  async course(session: string, credentials: Credentials): Promise<CallCourse> {
    const response = await this.#ladder(session, credentials, 'application/json');
    const course = courseIn(await bodyOf(response));
    if (course === undefined) throw this.#trouble(response);
    return course;
  }

  async #ladder(session: string, credentials: Credentials, accept: string): Promise<Response> {
    const headers = { authorization: basic(credentials), accept };
    const response = await this.#fetch(`/api/calls/${encodeURIComponent(session)}`, { headers });
    if (response.ok) return response;
    throw response.status >= 500 ? this.#trouble(response) : new Sentence(this.#messages.error.noLadder);
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#browser.fetch(`${this.#origin}${path}`, init);
    } catch (cause) {
      const { error } = this.#messages;
      throw new Sentence(this.#browser.network.isOnline() ? error.serverGone : error.offline, { cause });
    }
  }

  #refusal(response: Response, body: Body, wish: AddressWish): Sentence {
    const { error } = this.#messages;
    if (response.status === 409 && wish.lifetime === 'permanent') return new Sentence(error.nameTaken(wish.name));
    if (response.status === 400 && typeof body.field === 'string') return new Sentence(this.#rule(body));
    if (response.status === 403) return new Sentence(error.addressRefused);
    if (response.status === 429) return new Sentence(error.tooManyAddresses(minutesUntil(response)));
    return this.#trouble(response);
  }

  #rule({ field, rule }: Body): string {
    const { error } = this.#messages;
    if (field === 'name') return error.nameRule;
    return field === 'password' ? error.passwordRule : error.wish(String(field), String(rule));
  }

  #trouble(response: Response): Sentence {
    return new Sentence(this.#messages.error.server(response.status));
  }
}

type Body = Readonly<Record<string, unknown>>;

async function bodyOf(response: Response): Promise<Body> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    // An answer of some proxy in between: it has no fields, its status says enough.
    return {};
  }
}

const isObject = (value: unknown): value is Body => typeof value === 'object' && value !== null;

const minutesUntil = (response: Response): number =>
  Math.max(1, Math.ceil(Number(response.headers.get('retry-after') ?? 60) / 60));

/** RFC 7617 s. 2.1: the pair in UTF-8. */
function basic({ address, password }: Credentials): string {
  const bytes = new TextEncoder().encode(`${address}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
