import { LitElement, type PropertyDeclarations } from 'lit';
import { en, type Messages } from './messages/en.ts';
import { type Request, RequestEvent } from './request.ts';

/**
 * Base of the inner elements. They draw into the one shadow root of the public element instead of a root of their
 * own: so every control can carry a `part` that a site can style, slots work at any depth, and labels may refer to
 * each other by id. Styles are kept apart by the tag name that each style sheet starts with.
 */
export abstract class PhonePart extends LitElement {
  static override properties: PropertyDeclarations = { messages: { attribute: false } };

  declare messages: Messages;

  constructor() {
    super();
    this.messages = en;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Sends a request up; the answer comes down later as a new state. */
  protected ask(request: Request): void {
    this.dispatchEvent(new RequestEvent(request));
  }
}

/** Registers an element once, however often the script is loaded into a page. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (customElements.get(tag) === undefined) customElements.define(tag, element);
}
