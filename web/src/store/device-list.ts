import type { Browser, MediaDevice } from './browser.ts';
import type { DeviceChoice } from './snapshot.ts';
import { isObject, readStored, writeStored } from './stored-json.ts';

export type DeviceKind = 'microphone' | 'camera' | 'speaker';

/** The devices that are plugged in, and which of them the person wants. */
export class DeviceList {
  readonly #browser: Browser;
  readonly #changed: (choice: DeviceChoice) => void;
  readonly #forget: () => void;
  #devices: readonly MediaDevice[] = [];
  #wanted: Partial<Record<DeviceKind, string>>;

  constructor(browser: Browser, changed: (choice: DeviceChoice) => void) {
    this.#browser = browser;
    this.#changed = changed;
    this.#wanted = readStored(browser.memory, key, wantedIn) ?? {};
    this.#forget = browser.media?.onChanged(() => void this.look()) ?? (() => undefined);
  }

  get choice(): DeviceChoice {
    const [microphones, cameras, speakers] = [this.#of('audioinput'), this.#of('videoinput'), this.#of('audiooutput')];
    const chosen = (kind: DeviceKind, list: DeviceChoice['microphones']) =>
      list.find(({ id }) => id === this.#wanted[kind])?.id ?? list[0]?.id;
    return {
      microphones,
      cameras,
      speakers,
      microphone: chosen('microphone', microphones),
      camera: chosen('camera', cameras),
      speaker: chosen('speaker', speakers),
    };
  }

  /** What the person chose, plugged in or not. */
  get wanted(): Partial<Record<DeviceKind, string>> {
    return this.#wanted;
  }

  /** Before the person has allowed anything, browsers hide ids but not the number of devices. */
  get hasMicrophone(): boolean {
    return this.#devices.some(({ kind }) => kind === 'audioinput');
  }

  want(kind: DeviceKind, id: string): void {
    this.#wanted = { ...this.#wanted, [kind]: id };
    writeStored(this.#browser.memory, key, this.#wanted);
    this.#changed(this.choice);
  }

  async look(): Promise<void> {
    this.#devices = (await this.#browser.media?.list()) ?? [];
    this.#changed(this.choice);
  }

  labelOf(kind: DeviceKind, id: string): string {
    const { microphones, cameras, speakers } = this.choice;
    const list = kind === 'microphone' ? microphones : kind === 'camera' ? cameras : speakers;
    return list.find((device) => device.id === id)?.label ?? '';
  }

  close(): void {
    this.#forget();
  }

  #of(kind: MediaDeviceKind): { id: string; label: string }[] {
    return this.#devices
      .filter((device) => device.kind === kind && device.id !== '')
      .map(({ id, label }) => ({ id, label }));
  }
}

function wantedIn(value: unknown): Partial<Record<DeviceKind, string>> | undefined {
  if (!isObject(value)) return undefined;
  const entries = (['microphone', 'camera', 'speaker'] as const).map((kind) => [kind, value[kind]]);
  return Object.fromEntries(entries.filter(([, id]) => typeof id === 'string'));
}

const key = 'sylk.device-choice';
