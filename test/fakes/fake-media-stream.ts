/** A track that carries nothing but its life: whether it runs, is enabled, or has ended. */
export class FakeTrack extends EventTarget implements MediaStreamTrack {
  readonly id = `track-${++made}`;
  readonly kind: string;
  readonly label: string;
  readonly muted = false;
  enabled = true;
  contentHint = '';
  readyState: MediaStreamTrackState = 'live';
  onended = null;
  onmute = null;
  onunmute = null;
  readonly #deviceId: string;

  constructor(kind: 'audio' | 'video', options: { label?: string; deviceId?: string } = {}) {
    super();
    this.kind = kind;
    this.label = options.label ?? kind;
    this.#deviceId = options.deviceId ?? `default-${kind}`;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** The device goes, or the person ends the sharing in the browser's own bar. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  clone(): MediaStreamTrack {
    return new FakeTrack(this.kind === 'audio' ? 'audio' : 'video', { label: this.label, deviceId: this.#deviceId });
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.#deviceId };
  }

  getCapabilities(): MediaTrackCapabilities {
    return {};
  }

  getConstraints(): MediaTrackConstraints {
    return {};
  }

  async applyConstraints(): Promise<void> {
    // Every constraint fits a track without media.
  }
}

/** A stream of `FakeTrack`s, or of whatever tracks it is given. */
export class FakeMediaStream extends EventTarget implements MediaStream {
  readonly id = `stream-${++made}`;
  onaddtrack = null;
  onremovetrack = null;
  #tracks: MediaStreamTrack[];

  constructor(tracks: readonly MediaStreamTrack[] = []) {
    super();
    this.#tracks = [...tracks];
  }

  get active(): boolean {
    return this.#tracks.some((track) => track.readyState === 'live');
  }

  addTrack(track: MediaStreamTrack): void {
    if (!this.#tracks.includes(track)) this.#tracks.push(track);
  }

  removeTrack(track: MediaStreamTrack): void {
    this.#tracks = this.#tracks.filter((one) => one !== track);
  }

  getTracks(): MediaStreamTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): MediaStreamTrack[] {
    return this.#tracks.filter((track) => track.kind === 'audio');
  }

  getVideoTracks(): MediaStreamTrack[] {
    return this.#tracks.filter((track) => track.kind === 'video');
  }

  getTrackById(id: string): MediaStreamTrack | null {
    return this.#tracks.find((track) => track.id === id) ?? null;
  }

  clone(): MediaStream {
    return new FakeMediaStream(this.#tracks.map((track) => track.clone()));
  }
}

/** What a person's microphone, and camera if asked for, would give. */
export const fakeStream = (media: { audio?: boolean; video?: boolean } = { audio: true }): FakeMediaStream =>
  new FakeMediaStream([
    ...(media.audio === false ? [] : [new FakeTrack('audio')]),
    ...(media.video ? [new FakeTrack('video')] : []),
  ]);

let made = 0;
