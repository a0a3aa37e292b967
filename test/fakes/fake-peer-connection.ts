import { FakeRtpTransceiver } from './fake-rtp-transceiver.ts';

/**
 * An RTCPeerConnection without media: signalling states, transceivers and directions as in JSEP (RFC 9429),
 * in descriptions that hold no more than that. What a browser forbids it refuses as well.
 */
export class FakePeerConnection extends EventTarget implements RTCPeerConnection {
  static readonly made: FakePeerConnection[] = [];
  readonly configuration: RTCConfiguration;
  signalingState: RTCSignalingState = 'stable';
  iceConnectionState: RTCIceConnectionState = 'new';
  connectionState: RTCPeerConnectionState = 'new';
  iceGatheringState: RTCIceGatheringState = 'new';
  localDescription: RTCSessionDescription | null = null;
  remoteDescription: RTCSessionDescription | null = null;
  /** Set to have the next description refused, as a browser does with what it cannot read. */
  refuses: 'local' | 'remote' | undefined;
  readonly canTrickleIceCandidates = true;
  readonly currentLocalDescription = null;
  readonly currentRemoteDescription = null;
  readonly pendingLocalDescription = null;
  readonly pendingRemoteDescription = null;
  readonly sctp = null;
  onconnectionstatechange = null;
  ondatachannel = null;
  onicecandidate = null;
  onicecandidateerror = null;
  oniceconnectionstatechange = null;
  onicegatheringstatechange = null;
  onnegotiationneeded = null;
  onsignalingstatechange = null;
  ontrack = null;
  #transceivers: FakeRtpTransceiver[] = [];
  #ufrag = 1;
  #stable: { local: RTCSessionDescription | null; remote: RTCSessionDescription | null } = {
    local: null,
    remote: null,
  };

  constructor(configuration: RTCConfiguration = {}) {
    super();
    this.configuration = configuration;
    FakePeerConnection.made.push(this);
  }

  /** Moves ICE, as the network would. */
  becomeIce(state: RTCIceConnectionState): void {
    this.iceConnectionState = state;
    this.dispatchEvent(new Event('iceconnectionstatechange'));
  }

  get iceRestarts(): number {
    return this.#ufrag - 1;
  }

  addTransceiver(trackOrKind: MediaStreamTrack | string, init: RTCRtpTransceiverInit = {}): FakeRtpTransceiver {
    const transceiver = new FakeRtpTransceiver(trackOrKind, init.direction ?? 'sendrecv');
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeRtpTransceiver[] {
    return [...this.#transceivers];
  }

  getSenders(): RTCRtpSender[] {
    return this.#transceivers.map((one) => one.sender);
  }

  getReceivers(): RTCRtpReceiver[] {
    return this.#transceivers.map((one) => one.receiver);
  }

  createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit>;
  createOffer(done: RTCSessionDescriptionCallback, failed: RTCPeerConnectionErrorCallback): Promise<void>;
  async createOffer(): Promise<unknown> {
    this.#mustBe('stable', 'have-local-offer');
    return { type: 'offer', sdp: this.#describe((one) => one.direction) };
  }

  createAnswer(options?: RTCAnswerOptions): Promise<RTCSessionDescriptionInit>;
  createAnswer(done: RTCSessionDescriptionCallback, failed: RTCPeerConnectionErrorCallback): Promise<void>;
  async createAnswer(): Promise<unknown> {
    this.#mustBe('have-remote-offer');
    const offered = readDirections(this.remoteDescription?.sdp ?? '');
    return {
      type: 'answer',
      sdp: this.#describe((one, index) => meet(one.direction, turn(offered[index] ?? 'inactive'))),
    };
  }

  async setLocalDescription(description: RTCLocalSessionDescriptionInit = {}): Promise<void> {
    this.#refuseIf('local');
    const { type, sdp = '' } = description;
    if (type === 'rollback') return this.#rollBack('have-local-offer');
    this.#mustBe(type === 'offer' ? 'stable' : 'have-remote-offer');
    this.#numberLines();
    this.localDescription = toDescription(type ?? 'offer', sdp);
    this.#settle(type === 'offer' ? 'have-local-offer' : 'stable');
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.#refuseIf('remote');
    const { type, sdp = '' } = description;
    if (type === 'rollback') return this.#rollBack('have-remote-offer');
    this.#mustBe(type === 'offer' ? 'stable' : 'have-local-offer');
    if (!/^v=0/.test(sdp)) throw new TypeError(`no description: ${sdp.slice(0, 20)}`);
    this.remoteDescription = toDescription(type, sdp);
    if (type === 'offer') this.#takeLines(sdp);
    this.#settle(type === 'offer' ? 'have-remote-offer' : 'stable');
  }

  restartIce(): void {
    this.#ufrag++;
  }

  close(): void {
    this.signalingState = 'closed';
    this.iceConnectionState = 'closed';
    this.connectionState = 'closed';
  }

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  getStats(): Promise<RTCStatsReport> {
    return Promise.resolve(this.stats);
  }

  /** What `getStats` says; a test fills it. */
  readonly stats: Map<string, unknown> & RTCStatsReport = new Map();

  setConfiguration(): void {
    throw new Error('the configuration of a call is not changed');
  }

  addIceCandidate(): Promise<void> {
    throw new Error('no candidates are trickled: the gateway is ICE-lite');
  }

  addTrack(): RTCRtpSender {
    throw new Error('lines are made with addTransceiver');
  }

  removeTrack(): void {
    throw new Error('lines are changed through their transceivers');
  }

  createDataChannel(): RTCDataChannel {
    throw new Error('calls have no data channels');
  }

  #describe(directionOf: (one: FakeRtpTransceiver, index: number) => RTCRtpTransceiverDirection): string {
    this.#numberLines();
    const lines = this.#transceivers.map((one, index) => {
      const isStopped = one.direction === 'stopped';
      const direction = isStopped ? 'inactive' : directionOf(one, index);
      return `m=${one.kind} ${isStopped ? 0 : 9} UDP/TLS/RTP/SAVPF 96\r\na=mid:${one.mid}\r\na=${direction}\r\n`;
    });
    return `v=0\r\na=ice-ufrag:${this.#ufrag}\r\n${lines.join('')}`;
  }

  #numberLines(): void {
    for (const [index, one] of this.#transceivers.entries()) one.mid ??= String(index);
  }

  /** RFC 9429 s. 5.10: each new m-line of an offer makes a transceiver that only receives. */
  #takeLines(sdp: string): void {
    const kinds = [...sdp.matchAll(/^m=(\w+)/gm)].map((found) => found[1] ?? 'audio');
    for (const kind of kinds.slice(this.#transceivers.length)) this.addTransceiver(kind, { direction: 'recvonly' });
    this.#numberLines();
  }

  #settle(state: RTCSignalingState): void {
    this.signalingState = state;
    if (state !== 'stable') return;
    this.#stable = { local: this.localDescription, remote: this.remoteDescription };
    const ours = readDirections(this.localDescription?.sdp ?? '');
    const theirs = readDirections(this.remoteDescription?.sdp ?? '');
    for (const [index, one] of this.#transceivers.entries()) {
      one.currentDirection = meet(ours[index] ?? 'inactive', turn(theirs[index] ?? 'inactive'));
    }
  }

  #rollBack(from: RTCSignalingState): void {
    this.#mustBe(from);
    this.signalingState = 'stable';
    this.localDescription = this.#stable.local;
    this.remoteDescription = this.#stable.remote;
  }

  #mustBe(...states: RTCSignalingState[]): void {
    if (!states.includes(this.signalingState))
      throw new DOMException(`wrong state: ${this.signalingState}`, 'InvalidStateError');
  }

  #refuseIf(side: 'local' | 'remote'): void {
    if (this.refuses !== side) return;
    this.refuses = undefined;
    throw new DOMException('this description cannot be read', 'OperationError');
  }
}

const toDescription = (type: RTCSdpType, sdp: string): RTCSessionDescription => ({
  type,
  sdp,
  toJSON: () => ({ type, sdp }),
});

function readDirections(sdp: string): RTCRtpTransceiverDirection[] {
  return [...sdp.matchAll(/^a=(sendrecv|sendonly|recvonly|inactive)\r?$/gm)].map((found) =>
    directionOf(found[1] ?? ''),
  );
}

const directionOf = (text: string): RTCRtpTransceiverDirection => {
  const [send, receive] = [text === 'sendrecv' || text === 'sendonly', text === 'sendrecv' || text === 'recvonly'];
  return fromFlags(send, receive);
};

const fromFlags = (send: boolean, receive: boolean): RTCRtpTransceiverDirection =>
  send ? (receive ? 'sendrecv' : 'sendonly') : receive ? 'recvonly' : 'inactive';

/** The same direction as the other side names it. */
const turn = (direction: RTCRtpTransceiverDirection): RTCRtpTransceiverDirection =>
  fromFlags(direction === 'sendrecv' || direction === 'recvonly', direction === 'sendrecv' || direction === 'sendonly');

const meet = (one: RTCRtpTransceiverDirection, other: RTCRtpTransceiverDirection): RTCRtpTransceiverDirection => {
  const both = (wanted: string[]) => wanted.includes(one) && wanted.includes(other);
  return fromFlags(both(['sendrecv', 'sendonly']), both(['sendrecv', 'recvonly']));
};

/** The answer of somebody who takes all that is offered, with directions turned round. */
export const answerTo = (offer: string): string =>
  offer.replace(/^a=(sendonly|recvonly)\r?$/gm, (_line, direction) => `a=${turn(directionOf(String(direction)))}\r`);

/** An offer with these kinds of media, all of them both ways unless a direction is named: `audio`, `video:inactive`. */
export const offerOf = (...lines: string[]): string =>
  `v=0\r\n${lines
    .map((line, index) => {
      const [kind = 'audio', direction = 'sendrecv'] = line.split(':');
      return `m=${kind} 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:${index}\r\na=${direction}\r\n`;
    })
    .join('')}`;
