import { systemClock } from '../client/clock.ts';
import type { Browser, MediaSource, Memory } from './browser.ts';
import { WebArchive } from './web-archive.ts';

/** The browser that this page runs in. */
export function webBrowser(): Browser {
  return {
    clock: systemClock,
    environment: {},
    isSecure: window.isSecureContext,
    hasWebRtc: typeof RTCPeerConnection === 'function',
    origin: location.origin,
    media: navigator.mediaDevices && mediaSource(navigator.mediaDevices),
    memory: memory(() => localStorage),
    tabMemory: memory(() => sessionStorage),
    chats: new WebArchive(),
    network: {
      isOnline: () => navigator.onLine,
      onChanged: (listener) => listen(window, ['online', 'offline'], listener),
    },
    page: {
      onShown: (listener) => listen(document, ['visibilitychange'], () => document.hidden || listener()),
      onLeft: (listener) => listen(window, ['pagehide'], listener),
    },
    fetch: (url, init) => fetch(url, init),
    claim,
    keepAwake,
  };
}

function mediaSource(devices: MediaDevices): MediaSource {
  return {
    open: (constraints) => devices.getUserMedia(constraints),
    openScreen: () => devices.getDisplayMedia({ video: true }),
    list: async () =>
      (await devices.enumerateDevices()).map(({ kind, deviceId, label }) => ({ kind, id: deviceId, label })),
    onChanged: (listener) => listen(devices, ['devicechange'], listener),
    permission: async (kind) => {
      try {
        return (await navigator.permissions.query({ name: kind })).state;
      } catch {
        // Some browsers know no such permission name; then only asking for the device tells.
        return 'unknown';
      }
    },
  };
}

/** A storage that the person has forbidden, or that is full, only forgets. */
function memory(storage: () => Storage): Memory {
  return {
    read: (key) => attempt(() => storage().getItem(key) ?? undefined),
    write: (key, value) => attempt(() => storage().setItem(key, value)),
    forget: (key) => attempt(() => storage().removeItem(key)),
  };
}

function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

function listen(target: EventTarget, names: readonly string[], listener: () => void): () => void {
  for (const name of names) target.addEventListener(name, listener);
  return () => {
    for (const name of names) target.removeEventListener(name, listener);
  };
}

/** A lock that is held until the tab goes. Without locks (insecure pages) every tab is on its own. */
function claim(name: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const untilTheTabGoes = new Promise<void>(() => undefined);
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : untilTheTabGoes;
    });
  });
}

/** The browser takes the lock away from a page that nobody sees; it is asked for again when it is seen. */
function keepAwake(): () => void {
  if (!('wakeLock' in navigator)) return () => undefined;
  let lock = requestLock(navigator.wakeLock);
  const forget = listen(document, ['visibilitychange'], () => {
    if (!document.hidden) lock = requestLock(navigator.wakeLock);
  });
  return () => {
    forget();
    void lock.then((held) => held?.release());
  };
}

async function requestLock(wakeLock: WakeLock): Promise<WakeLockSentinel | undefined> {
  try {
    return await wakeLock.request('screen');
  } catch (error) {
    // A hidden page, or one low on power, gets none: the call goes on with a dark screen.
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
