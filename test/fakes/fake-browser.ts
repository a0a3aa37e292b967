import type { Environment } from '../../web/src/client/environment.ts';
import type { Browser, MediaDevice, MediaSource, Memory } from '../../web/src/store/browser.ts';
import type { ClientWorld } from './client-world.ts';
import { FakeArchive } from './fake-archive.ts';
import { FakeMediaStream, FakeTrack } from './fake-media-stream.ts';

/** A storage that is an object. */
export class FakeMemory implements Memory {
  readonly entries = new Map<string, string>();

  read(key: string): string | undefined {
    return this.entries.get(key);
  }

  write(key: string, value: string): void {
    this.entries.set(key, value);
  }

  forget(key: string): void {
    this.entries.delete(key);
  }
}

/** Microphones, cameras and a person who allows them, or not. */
export class FakeMediaSource implements MediaSource {
  devices: MediaDevice[] = [
    { kind: 'audioinput', id: 'mic-1', label: 'Built-in microphone' },
    { kind: 'audioinput', id: 'mic-2', label: 'Headset' },
    { kind: 'videoinput', id: 'cam-1', label: 'Built-in camera' },
    { kind: 'audiooutput', id: 'out-1', label: 'Built-in speakers' },
  ];
  /** What the person answers, or the machine: the name of the `DOMException`. */
  refusal: { audio?: string; video?: string; screen?: string } = {};
  state: 'granted' | 'denied' | 'prompt' | 'unknown' = 'prompt';
  /** Set to hold a question open; call `answerQuestion` then. */
  isAsking = false;
  readonly opened: MediaStreamConstraints[] = [];
  readonly tracks: FakeTrack[] = [];
  #listeners: (() => void)[] = [];
  #waiting: (() => void)[] = [];

  async open(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.opened.push(constraints);
    if (this.isAsking) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const refused = (constraints.audio && this.refusal.audio) || (constraints.video && this.refusal.video);
    if (refused) throw new DOMException('refused', refused);
    this.state = 'granted';
    const tracks = [
      ...(constraints.audio ? [this.#track('audio', constraints.audio)] : []),
      ...(constraints.video ? [this.#track('video', constraints.video)] : []),
    ];
    return new FakeMediaStream(tracks);
  }

  async openScreen(): Promise<MediaStream> {
    if (this.refusal.screen) throw new DOMException('refused', this.refusal.screen);
    return new FakeMediaStream([this.#track('video', true)]);
  }

  async list(): Promise<readonly MediaDevice[]> {
    return this.devices;
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== listener);
    };
  }

  async permission(): Promise<'granted' | 'denied' | 'prompt' | 'unknown'> {
    return this.state;
  }

  answerQuestion(): void {
    this.isAsking = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Something is plugged in or out. */
  change(devices: MediaDevice[]): void {
    this.devices = devices;
    for (const listener of this.#listeners) listener();
  }

  #track(kind: 'audio' | 'video', wish: boolean | MediaTrackConstraints): FakeTrack {
    const list = this.devices.filter((device) => device.kind === (kind === 'audio' ? 'audioinput' : 'videoinput'));
    const asked = JSON.stringify(wish);
    const device = list.find(({ id }) => asked.includes(`"${id}"`)) ?? list[0];
    const track = new FakeTrack(kind, { deviceId: device?.id ?? '', label: device?.label ?? '' });
    this.tracks.push(track);
    return track;
  }
}

/** A browser on top of a `ClientWorld`; its HTTP requests are answered by `serve`. */
export class FakeBrowser implements Browser {
  readonly clock;
  environment: Partial<Environment>;
  isSecure = true;
  hasWebRtc = true;
  readonly origin = 'https://gateway.test';
  media: FakeMediaSource | undefined = new FakeMediaSource();
  readonly chats = new FakeArchive();
  memory = new FakeMemory();
  tabMemory = new FakeMemory();
  readonly requests: { readonly method: string; readonly path: string; readonly init: RequestInit }[] = [];
  serve: (method: string, path: string, init: RequestInit) => Response = () => new Response('', { status: 404 });
  isOnline = true;
  awake = 0;
  readonly claims: Set<string>;
  readonly #listeners = { network: new Set<() => void>(), shown: new Set<() => void>(), left: new Set<() => void>() };

  /** @param claims names that are taken by tabs of the same browser */
  constructor(world: ClientWorld, claims = new Set<string>()) {
    this.clock = world.clock;
    this.environment = world.environment;
    this.claims = claims;
  }

  readonly network = {
    isOnline: () => this.isOnline,
    onChanged: (listener: () => void) => this.#listen('network', listener),
  };

  readonly page = {
    onShown: (listener: () => void) => this.#listen('shown', listener),
    onLeft: (listener: () => void) => this.#listen('left', listener),
  };

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const { pathname } = new URL(url);
    const method = init.method ?? 'GET';
    this.requests.push({ method, path: pathname, init });
    if (!this.isOnline) throw new TypeError('Failed to fetch');
    return this.serve(method, pathname, init);
  }

  async claim(name: string): Promise<boolean> {
    if (this.claims.has(name)) return false;
    this.claims.add(name);
    return true;
  }

  keepAwake(): () => void {
    this.awake++;
    return () => {
      this.awake--;
    };
  }

  tell(what: 'network' | 'shown' | 'left'): void {
    for (const listener of this.#listeners[what]) listener();
  }

  #listen(what: 'network' | 'shown' | 'left', listener: () => void): () => void {
    this.#listeners[what].add(listener);
    return () => this.#listeners[what].delete(listener);
  }
}
