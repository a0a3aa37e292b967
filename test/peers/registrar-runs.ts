/** Registrations at a SIPp that is told what to answer. */
import assert from 'node:assert/strict';
import { providerAccount, type RegisteringEdge } from './elsewhere.ts';
import { type RegistrarStep, SippRegistrar } from './sipp-registrar.ts';

export const realm = 'provider.test';
export const challenge = (rest = '', of = realm, nonce = 'n1'): string =>
  `WWW-Authenticate: Digest realm="${of}", nonce="${nonce}"${rest}`;
export const asks = (...headers: string[]): RegistrarStep => ({
  status: '401 Unauthorized',
  headers: headers.length > 0 ? headers : [challenge()],
});
export const takes = (change: Partial<RegistrarStep> = {}): RegistrarStep => ({
  status: '200 OK',
  has: { Authorization: 'username="user[0-9]+"' },
  headers: ['[last_Contact:]'],
  ...change,
});

export interface Run {
  readonly registrar: SippRegistrar;
  readonly account: ReturnType<typeof providerAccount>;
  readonly outcome: string;
  /** The place of what is told next. */
  readonly seen: number;
}

type Account = Parameters<typeof providerAccount>[2];

/** Registers new users of an edge, each with a registrar of its own. */
export class RegistrarRuns {
  readonly #edge: RegisteringEdge;
  #count = 0;

  constructor(edge: RegisteringEdge) {
    this.#edge = edge;
  }

  /** Registers a new user with a registrar that goes through these steps. */
  async run(
    steps: readonly RegistrarStep[],
    change: Account,
    check: (run: Run) => Promise<void> | void,
  ): Promise<void> {
    const registrar = await SippRegistrar.start(steps);
    const account = providerAccount(`user${++this.#count}`, realm, { proxy: registrar.uri, ...change });
    try {
      const outcome = await this.#edge.register(account);
      await check({ registrar, account, outcome, seen: this.#edge.told.length });
    } finally {
      this.#edge.endpoint.registrations.unregister(account.aor, true);
      await registrar.stop();
    }
  }

  /** The same for one that is registered in the end. */
  registers(steps: readonly RegistrarStep[], change: Account = {}): Promise<void> {
    return this.run(steps, change, async ({ registrar, outcome }) => {
      assert.equal(outcome, 'registered');
      await registrar.succeeds();
    });
  }
}

/** A field of the credentials in the last request. */
export const fieldsOf = async (registrar: SippRegistrar): Promise<(name: string) => string> => {
  const last = (await registrar.requests()).at(-1) ?? '';
  const line = /^Authorization: Digest (.*)$/m.exec(last)?.[1] ?? '';
  return (name) => new RegExp(`(?:^|, )${name}="?([^",]*)"?`).exec(line)?.[1] ?? '';
};
