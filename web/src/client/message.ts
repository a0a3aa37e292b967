import { EventEmitter } from './event-emitter.ts';
import { uuid } from './identifiers.ts';
import type { Identity } from './identity.ts';
import { type MessageState, riseTo } from './message-state.ts';

export type { MessageState };

/** How far an incoming message has been told to its sender. */
export type DispositionState = '' | 'delivered' | 'displayed' | 'error';

export interface MessageStart {
  readonly id?: string;
  readonly content: string;
  readonly contentType: string;
  readonly sender: Identity;
  readonly receiver: Identity;
  readonly timestamp?: Date;
  readonly state: MessageState;
  readonly dispositionNotification?: readonly string[];
  readonly dispositionState?: DispositionState;
  /** Ids of the pieces in which a long text came, in their order. */
  readonly chunkIds?: readonly string[];
}

export interface MessageEvents {
  stateChanged: [oldState: MessageState, newState: MessageState];
  dispositionStateChanged: [oldState: DispositionState, newState: DispositionState];
}

/** An instant message. Its content is as it came: HTML goes through `utils.sanatizeHtml` before it is shown. */
export class Message extends EventEmitter<MessageEvents> {
  readonly id: string;
  readonly content: string;
  readonly contentType: string;
  readonly sender: Identity;
  readonly receiver: Identity;
  readonly timestamp: Date;
  readonly type = 'normal';
  readonly dispositionNotification: readonly string[];
  readonly chunkIds: readonly string[];
  /** The content of types that are JSON; `undefined` where there is none, or it is broken. */
  readonly json: unknown;
  readonly jsonError: Error | undefined;
  /** Nothing is encrypted by this library yet. */
  readonly isSecure = false;
  /** For the application to use, as captions and the like are not the library's. */
  metadata: Record<string, unknown> = {};
  #state: MessageState;
  #dispositionState: DispositionState;

  constructor(start: MessageStart) {
    super();
    this.id = start.id ?? uuid();
    this.content = start.content;
    this.contentType = start.contentType;
    this.sender = start.sender;
    this.receiver = start.receiver;
    this.timestamp = start.timestamp ?? new Date();
    this.dispositionNotification = start.dispositionNotification ?? [];
    this.chunkIds = start.chunkIds ?? [];
    this.#state = start.state;
    this.#dispositionState = start.dispositionState ?? '';
    const { json, error } = readJson(start.contentType, start.content);
    this.json = json;
    this.jsonError = error;
  }

  get state(): MessageState {
    return this.#state;
  }

  get dispositionState(): DispositionState {
    return this.#dispositionState;
  }

  /**
   * For what carries it.
   *
   * @returns whether that was news: states only rise
   */
  become(state: MessageState): boolean {
    const old = this.#state;
    this.#state = riseTo(old, state);
    if (old === this.#state) return false;
    this.emit('stateChanged', old, this.#state);
    return true;
  }

  /** Another attempt to send it: the one way back from `failed`. */
  retry(): void {
    if (this.#state !== 'failed') return;
    this.#state = 'pending';
    this.emit('stateChanged', 'failed', 'pending');
  }

  /** For what carries it: its sender has been told. */
  dispose(state: DispositionState): void {
    const old = this.#dispositionState;
    if (old === state || old === 'displayed') return;
    this.#dispositionState = state;
    this.emit('dispositionStateChanged', old, state);
  }

  toJSON(): Record<string, unknown> {
    const { id, content, contentType, sender, receiver, timestamp, state, dispositionState } = this;
    return {
      id,
      content,
      contentType,
      sender,
      receiver,
      timestamp: timestamp.toISOString(),
      state,
      dispositionState,
      dispositionNotification: this.dispositionNotification,
    };
  }
}

function readJson(contentType: string, content: string): { json?: unknown; error?: Error } {
  if (!jsonTypes.has(contentType)) return {};
  try {
    return { json: JSON.parse(content) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

const jsonTypes = new Set([
  'message/imdn',
  'message/imdn+json',
  'application/sylk-message-remove',
  'application/sylk-file-transfer',
  'application/sylk-message-metadata',
  'application/sylk-location-sharing',
]);
