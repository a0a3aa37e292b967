import type { CallView } from '../../store/snapshot.ts';
import type { Request } from '../request.ts';

/**
 * The single keys of a running call: M mute, V camera, H hold, K keypad.
 * They can be switched off, since somebody may use speech input (WCAG 2.1, 2.1.4).
 *
 * @returns undefined for any other key
 */
export function shortcut(key: string, call: CallView): Request | undefined {
  switch (key.toLowerCase()) {
    case 'm':
      return { kind: 'mute', call: call.id, isOn: !call.isMuted };
    case 'v':
      return { kind: 'camera', call: call.id, isOn: !call.hasLocalVideo || call.isCameraOff };
    case 'h':
      return { kind: 'hold', call: call.id, isOn: !call.isHeldByMe };
    case 'k':
      return { kind: 'open', sheet: 'keypad' };
    default:
      return undefined;
  }
}

/** Whether a key belongs to what is being typed, or to the browser, and so is no shortcut. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return true;
  return event
    .composedPath()
    .some(
      (node) =>
        node instanceof HTMLInputElement ||
        node instanceof HTMLTextAreaElement ||
        node instanceof HTMLSelectElement ||
        (node instanceof HTMLElement && node.isContentEditable),
    );
}

const storageKey = 'sylk-shortcuts';

/** Whether the person wants single keys; yes unless switched off on this device. */
export function wantsShortcuts(): boolean {
  return readStorage() !== 'off';
}

/** Remembers the choice on this device, where the browser lets us. */
export function rememberShortcuts(isOn: boolean): void {
  try {
    localStorage.setItem(storageKey, isOn ? 'on' : 'off');
  } catch (error) {
    // Storage is switched off or full: the choice then lasts as long as the page.
    if (!(error instanceof DOMException)) throw error;
  }
}

function readStorage(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
