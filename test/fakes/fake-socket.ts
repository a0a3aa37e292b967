import type { Clock } from '../../web/src/client/clock.ts';
import type { Socket } from '../../web/src/client/environment.ts';

export interface FakeSocketOptions {
  readonly url: string;
  readonly protocol: string;
  readonly clock: Clock;
  received(text: string): void;
}

/** A browser's socket whose other end is a `FakeGateway`; a test opens it, cuts it and delivers to it. */
export class FakeSocket implements Socket {
  readonly url: string;
  readonly protocol: string;
  /** Frames that the page has sent, in order. */
  readonly sent: string[] = [];
  readonly #options: FakeSocketOptions;
  readonly #listeners = new Map<string, ((event: { data: unknown }) => void)[]>();
  #state: 'opening' | 'open' | 'over' = 'opening';
  /** A dead network: nothing arrives any more, and nobody is told. */
  isSilent = false;
  wasCut = false;

  constructor(options: FakeSocketOptions) {
    this.url = options.url;
    this.protocol = options.protocol;
    this.#options = options;
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  addEventListener(type: 'open' | 'close' | 'message', listener: (event: { data: unknown }) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    if (this.#state !== 'open') return;
    this.sent.push(text);
    if (!this.isSilent) this.#options.received(text);
  }

  /** Closed in good order: what was sent before still arrives. */
  close(): void {
    this.#end();
  }

  open(): void {
    this.#state = 'open';
    this.#tell('open', undefined);
  }

  deliver(text: string): void {
    if (this.#state === 'open' && !this.isSilent) this.#tell('message', text);
  }

  /** Lost: what is under way in either direction is lost with it. */
  cut(): void {
    this.wasCut = true;
    this.#end();
  }

  #end(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#options.clock.after(0, () => this.#tell('close', undefined));
  }

  #tell(type: string, data: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data });
  }
}
