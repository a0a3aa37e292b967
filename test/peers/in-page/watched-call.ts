import type { Call } from '../../../web/src/client/index.ts';
import type { SeenCall } from './seen.ts';

/** A call of the library, and all that it has said so far. */
export class WatchedCall {
  readonly call: Call;
  readonly #states: (string | null)[];
  readonly #events: { name: string; detail: unknown }[] = [];
  #reason: string | undefined;

  constructor(call: Call) {
    this.call = call;
    this.#states = [call.state];
    call.on('stateChanged', (_old, now, data) => {
      this.#states.push(now);
      if (now === 'terminated') this.#reason = data.reason;
    });
    call.on('hold', (detail) => this.#note('hold', detail));
    call.on('dtmf', (detail) => this.#note('dtmf', detail));
    call.on('media', (detail) => this.#note('media', detail));
    call.on('resumed', () => this.#note('resumed', true));
    call.on('updateRequest', (detail) => this.#note('updateRequest', detail));
    call.on('mediaUpdated', (detail) => this.#note('mediaUpdated', detail));
    call.on('incomingMessage', ({ id: message, content, sender }) =>
      this.#note('incomingMessage', { id: message, content, from: sender.uri }),
    );
    call.on('messageStateChanged', (message, state) => this.#note('messageStateChanged', { id: message, state }));
    call.on('updateFailed', (error) => this.#note('updateFailed', error.message));
  }

  see(): SeenCall {
    const { id, direction, state, callId } = this.call;
    return {
      id,
      direction,
      state,
      states: [...this.#states],
      reason: this.#reason,
      callId: callId ?? undefined,
      events: [...this.#events],
    };
  }

  #note(name: string, detail: unknown): void {
    this.#events.push({ name, detail });
  }
}
