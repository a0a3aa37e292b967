import type { ReportResults } from '@sylk/protocol/edge/reports.ts';
import type { OwnNames } from '../call/route.ts';

/** Our domain and its other names, as signaling tells them with each link. */
export class KnownNames {
  #names: OwnNames;

  constructor(sipPort: number) {
    this.#names = { domain: '', aliases: [], sipPort };
  }

  get now(): OwnNames {
    return this.#names;
  }

  learn({ domain, aliases }: ReportResults['hello']): void {
    this.#names = { ...this.#names, domain, aliases };
  }

  /** True for a host that is ours, in lower case and without brackets. */
  readonly has = (host: string): boolean => {
    const { domain, aliases } = this.#names;
    return [domain, ...aliases].some((name) => name.replace(/^\[|\]$/g, '') === host);
  };
}
