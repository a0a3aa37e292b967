import { EventEmitter } from './event-emitter.ts';
import { uuid } from './identifiers.ts';
import type { Identity } from './identity.ts';

/** What became of a message: `pending` until somebody says more. */
export type MessageState =
  | 'pending'
  | 'accepted'
  | 'delivered'
  | 'displayed'
  | 'failed'
  | 'received'
  | 'error'
  | string;

export interface MessageStart {
  readonly id?: string;
  readonly content: string;
  readonly contentType: string;
  readonly sender: Identity;
  readonly receiver: Identity;
  readonly timestamp?: Date;
  readonly state: MessageState;
  readonly dispositionNotification?: readonly string[];
}

/** An instant message within a call. */
export class Message extends EventEmitter<{ stateChanged: [oldState: MessageState, newState: MessageState] }> {
  readonly id: string;
  readonly content: string;
  readonly contentType: string;
  readonly sender: Identity;
  readonly receiver: Identity;
  readonly timestamp: Date;
  readonly dispositionNotification: readonly string[];
  #state: MessageState;

  constructor(start: MessageStart) {
    super();
    this.id = start.id ?? uuid();
    this.content = start.content;
    this.contentType = start.contentType;
    this.sender = start.sender;
    this.receiver = start.receiver;
    this.timestamp = start.timestamp ?? new Date();
    this.dispositionNotification = start.dispositionNotification ?? [];
    this.#state = start.state;
  }

  get state(): MessageState {
    return this.#state;
  }

  /** For the call that carries it. */
  become(state: MessageState): void {
    const old = this.#state;
    if (old === state) return;
    this.#state = state;
    this.emit('stateChanged', old, state);
  }

  toJSON(): Record<string, unknown> {
    const { id, content, contentType, sender, receiver, timestamp, state } = this;
    return { id, content, contentType, sender, receiver, timestamp: timestamp.toISOString(), state };
  }
}
