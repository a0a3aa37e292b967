import type { LitElement } from 'lit';
import type { PhoneSnapshot } from '../../store/snapshot.ts';
import type { SheetName } from '../request.ts';
import { incomingCalls, screenOf } from '../state/screen.ts';

/**
 * Keeps the focus of the keyboard where it makes sense when a screen goes away under it. It moves only a focus that
 * was inside the phone or nowhere, and never one that is in a field with something being typed.
 */
export class FocusKeeper {
  readonly #host: LitElement;
  #hadFocus = false;
  #screen = '';
  #ringing: string | undefined;
  #sheet: SheetName | undefined;
  #opener: HTMLElement | undefined;

  constructor(host: LitElement) {
    this.#host = host;
  }

  /** To be called before the next picture is drawn. */
  before(): void {
    const focused = this.#host.shadowRoot?.activeElement;
    this.#hadFocus = focused instanceof HTMLElement;
    if (this.#sheet === undefined && focused instanceof HTMLElement) this.#opener = focused;
  }

  /** To be called when the next picture has been drawn. */
  after(snapshot: PhoneSnapshot, sheet: SheetName | undefined): void {
    const screen = nameOfScreen(snapshot);
    const ringing = incomingCalls(snapshot)[0]?.id;
    if (ringing !== undefined && ringing !== this.#ringing) this.#toIncoming();
    else if (screen !== this.#screen && this.#screen !== '') this.#toScreen();
    else if (sheet === undefined && this.#sheet !== undefined) this.#toOpener();
    this.#screen = screen;
    this.#ringing = ringing;
    this.#sheet = sheet;
  }

  #toIncoming(): void {
    if (isInField(deepestFocus())) return;
    if (!this.#hadFocus && document.activeElement !== document.body) return;
    void this.#whenDrawn('sylk-incoming .panel');
  }

  #toScreen(): void {
    if (!this.#hadFocus || isInField(this.#host.shadowRoot?.activeElement ?? null)) return;
    void this.#whenDrawn('main h1[tabindex], main h2[tabindex]');
  }

  #toOpener(): void {
    if (this.#opener?.isConnected === true) this.#opener.focus();
  }

  /** Inner elements draw a moment after the outer one, so the target is looked up then. */
  async #whenDrawn(selector: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    const root = this.#host.renderRoot;
    const target = [...root.querySelectorAll<HTMLElement>(selector)].find((element) => element.checkVisibility());
    (target ?? root.querySelector('main'))?.focus();
  }
}

function nameOfScreen(snapshot: PhoneSnapshot): string {
  const screen = screenOf(snapshot);
  return screen.kind === 'call' || screen.kind === 'outgoing' ? `${screen.kind} ${screen.call.id}` : screen.kind;
}

function deepestFocus(): Element | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}

/** A field in sight that is being typed into; a field that was hidden with its screen has lost the focus anyway. */
function isInField(element: Element | null): boolean {
  return (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) && element.checkVisibility();
}
