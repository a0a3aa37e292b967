import type { Aor } from '@sylk/protocol/ids.ts';

/** An account at a provider elsewhere that was called, or written to, by its registration at this edge. */
export interface CalledRegistration {
  readonly aor: Aor;
  /** Those that the provider has taken: what came is for the devices that gave them. */
  readonly credentials: string;
}
