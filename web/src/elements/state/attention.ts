/** A second of the one, a second of the other. */
const blinkMs = 1_000;

/** The picture in the tab while somebody calls: a green dot with a white ring, as a data URL. */
const ringingIcon =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#1c7c3f"/>' +
      '<path d="M11 8l3 1 1 4-2 2a12 12 0 0 0 5 5l2-2 4 1 1 3a2 2 0 0 1-2 2C15 24 8 17 8 10a2 2 0 0 1 3-2Z" fill="#fff"/></svg>',
  );

/** Draws the eye to a call that rings: the title and icon of the tab, and a notification when the page is hidden. */
export class Attention {
  #ringing: string | undefined;
  #title = '';
  #blink: ReturnType<typeof setInterval> | undefined;
  #icon: { readonly link: HTMLLinkElement; readonly href: string } | undefined;
  #notification: Notification | undefined;

  /**
   * @param call id of the ringing call, or undefined when none rings any more
   * @param title what the tab and the notification say
   */
  ring(call: string | undefined, title: string): void {
    if (call === this.#ringing) return;
    this.#calm();
    this.#ringing = call;
    if (call === undefined) return;
    this.#showTitle(title);
    this.#showIcon();
    this.#notify(title, call);
  }

  #showTitle(title: string): void {
    this.#title = document.title;
    document.title = title;
    this.#blink = setInterval(() => {
      document.title = document.title === title ? this.#title : title;
    }, blinkMs);
  }

  #showIcon(): void {
    const link = document.querySelector<HTMLLinkElement>('link[rel~="icon"]');
    if (link === null) return;
    this.#icon = { link, href: link.href };
    link.href = ringingIcon;
  }

  #notify(title: string, call: string): void {
    if (!document.hidden || !canNotify() || Notification.permission !== 'granted') return;
    const notification = openNotification(title, { tag: call, requireInteraction: true });
    if (notification === undefined) return;
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
    this.#notification = notification;
  }

  #calm(): void {
    if (this.#ringing === undefined) return;
    clearInterval(this.#blink);
    document.title = this.#title;
    if (this.#icon !== undefined) this.#icon.link.href = this.#icon.href;
    this.#icon = undefined;
    this.#notification?.close();
    this.#notification = undefined;
  }
}

/** @returns undefined where only a service worker may notify (Chromium on Android) */
export function openNotification(title: string, options: NotificationOptions): Notification | undefined {
  try {
    return new Notification(title, options);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Whether the browser has notifications for this page at all. */
export function canNotify(): boolean {
  return typeof Notification === 'function' && window.isSecureContext;
}
