import { maxConnectionsPerAddress, maxIdleMs, serverPingMs } from '@sylk/protocol/limits.ts';

/** Bounds of the WebSocket host; times in ms. */
export interface HostLimits {
  readonly connectionsPerAddress: number;
  readonly maxAgeMs: number;
  readonly maxIdleMs: number;
  readonly pingMs: number;
}

export const hostLimits = (maxAgeMs: number, connectionsPerAddress = maxConnectionsPerAddress): HostLimits => ({
  connectionsPerAddress,
  maxAgeMs,
  maxIdleMs,
  pingMs: serverPingMs,
});

/** How frames of one connection reach the handler. */
export interface Delivery {
  /** One after another, or each on its own as Lambda runs them. */
  readonly isParallel: boolean;
  /** Wait before a frame is handled, in ms. */
  delayMs(): number;
  /** How often a frame is handled: platforms that promise "at least once" keep to it. */
  copies(): number;
}

/** Strictly in order, at once, once each. */
export const exactDelivery: Delivery = { isParallel: false, delayMs: () => 0, copies: () => 1 };
