import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** How long "Copied" stays, in ms. */
const shownMs = 2_000;

/** Copies texts and remembers for a moment which one, so that the button can say so. */
export class Copying implements ReactiveController {
  /** What was copied last, until the moment has passed. */
  copied: string | undefined;
  /** True when the browser refused; the text must then be marked by hand. */
  hasFailed = false;
  readonly #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  /** @param what a name for the text, compared with `copied` */
  async copy(what: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#show(what, false);
    } catch {
      // A refusal (NotAllowedError) and a missing clipboard on an insecure page mean the same to the person.
      this.#show(undefined, true);
    }
  }

  #show(what: string | undefined, hasFailed: boolean): void {
    this.copied = what;
    this.hasFailed = hasFailed;
    this.#host.requestUpdate();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#clear(), shownMs);
  }

  #clear(): void {
    this.copied = undefined;
    this.#host.requestUpdate();
  }
}
