import { FakeTrack } from './fake-media-stream.ts';

/** One line of a `FakePeerConnection`. */
export class FakeRtpTransceiver implements RTCRtpTransceiver {
  readonly kind: string;
  readonly sender: FakeRtpSender;
  readonly receiver: RTCRtpReceiver;
  mid: string | null = null;
  direction: RTCRtpTransceiverDirection;
  currentDirection: RTCRtpTransceiverDirection | null = null;

  constructor(trackOrKind: MediaStreamTrack | string, direction: RTCRtpTransceiverDirection) {
    this.kind = typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind;
    this.sender = new FakeRtpSender(typeof trackOrKind === 'string' ? null : trackOrKind, this.kind);
    this.receiver = makeReceiver(this.kind);
    this.direction = direction;
  }

  stop(): void {
    this.direction = 'stopped';
    this.currentDirection = 'stopped';
  }

  setCodecPreferences(): void {
    throw new Error('the codecs are left to the browser');
  }
}

export class FakeRtpSender implements RTCRtpSender {
  track: MediaStreamTrack | null;
  readonly dtmf: FakeDtmfSender | null;
  readonly transport = null;
  transform = null;

  constructor(track: MediaStreamTrack | null, kind: string) {
    this.track = track;
    this.dtmf = kind === 'audio' ? new FakeDtmfSender() : null;
  }

  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.track = track;
  }

  getParameters(): RTCRtpSendParameters {
    return { transactionId: '', codecs: [], headerExtensions: [], rtcp: {}, encodings: [] };
  }

  async setParameters(): Promise<void> {
    // Nothing is encoded, so every parameter fits.
  }

  setStreams(): void {
    // Streams leave no trace in these descriptions.
  }

  getStats(): Promise<RTCStatsReport> {
    return Promise.resolve(new Map());
  }
}

/** Keeps the tones; `play` sends the next one. */
export class FakeDtmfSender extends EventTarget implements RTCDTMFSender {
  readonly canInsertDTMF = true;
  toneBuffer = '';
  ontonechange: ((this: RTCDTMFSender, event: RTCDTMFToneChangeEvent) => unknown) | null = null;

  insertDTMF(tones: string): void {
    this.toneBuffer = tones;
  }

  play(): void {
    const tone = this.toneBuffer.slice(0, 1);
    this.toneBuffer = this.toneBuffer.slice(1);
    this.ontonechange?.call(this, Object.assign(new Event('tonechange'), { tone }));
  }
}

const makeReceiver = (kind: string): RTCRtpReceiver => ({
  track: new FakeTrack(kind === 'audio' ? 'audio' : 'video'),
  transport: null,
  jitterBufferTarget: null,
  transform: null,
  getContributingSources: () => [],
  getSynchronizationSources: () => [],
  getParameters: () => ({ codecs: [], headerExtensions: [], rtcp: {} }),
  getStats: () => Promise.resolve(new Map()),
});
