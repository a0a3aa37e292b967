import type { Core } from 'sip.js';

/**
 * sip.js' server transactions, in a table that sip.js is given. To find merged requests (RFC 3261 s. 8.2.2.2)
 * it walks through all of them for each new request, thousands at a busy time; shown are those of the same
 * Call-ID, as no others can be meant.
 */
export class ServerTransactions extends Map<string, Core.UserAgentServer> {
  readonly #byCallId = new Map<string, Map<string, Core.UserAgentServer>>();
  #shown: string | undefined;

  /** While `work` runs, `values` has those of this call only. */
  showing<T>(callId: string, work: () => T): T {
    this.#shown = callId;
    try {
      return work();
    } finally {
      this.#shown = undefined;
    }
  }

  override set(id: string, server: Core.UserAgentServer): this {
    const { callId } = server.message;
    const ofCall = this.#byCallId.get(callId) ?? new Map<string, Core.UserAgentServer>();
    this.#byCallId.set(callId, ofCall.set(id, server));
    return super.set(id, server);
  }

  override delete(id: string): boolean {
    const callId = this.get(id)?.message.callId;
    const ofCall = callId === undefined ? undefined : this.#byCallId.get(callId);
    ofCall?.delete(id);
    if (callId !== undefined && ofCall?.size === 0) this.#byCallId.delete(callId);
    return super.delete(id);
  }

  override clear(): void {
    this.#byCallId.clear();
    super.clear();
  }

  override values(): MapIterator<Core.UserAgentServer> {
    if (this.#shown === undefined) return super.values();
    return (this.#byCallId.get(this.#shown) ?? new Map<string, Core.UserAgentServer>()).values();
  }
}
