import { type MediaAddress, mediaAddresses, readSdpLines, type SdpLine } from './sdp-lines.ts';

export type MediaKind = 'audio' | 'video';

/** One line of a call's media in the order of the descriptions, for a page that makes the connection anew. */
export interface MediaLine {
  readonly kind: MediaKind;
  readonly direction: RTCRtpTransceiverDirection;
}

/**
 * The browser's RTCPeerConnection as a call uses it: what each line is meant to do, on hold or not, and the
 * streams that come of it. The gateway is ICE-lite and needs none of our candidates, so descriptions are sent
 * as soon as they are made.
 */
export class PeerConnection {
  readonly rtc: RTCPeerConnection;
  readonly #newMediaStream: (tracks: readonly MediaStreamTrack[]) => MediaStream;
  readonly #wanted = new Map<RTCRtpTransceiver, RTCRtpTransceiverDirection>();
  #local: MediaStream | undefined;
  #remote: MediaStream | undefined;
  #isHeld = false;
  #gateway: readonly MediaAddress[] = [];

  constructor(rtc: RTCPeerConnection, newMediaStream: (tracks: readonly MediaStreamTrack[]) => MediaStream) {
    this.rtc = rtc;
    this.#newMediaStream = newMediaStream;
  }

  get local(): MediaStream | undefined {
    return this.#local;
  }

  /** What is received; `undefined` until something is. Tracks come and go in it. */
  get remote(): MediaStream | undefined {
    return this.#remote;
  }

  /** Where the gateway listens for this connection; known still when it is closed. */
  get gateway(): readonly MediaAddress[] {
    return this.#gateway;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  get remoteLines(): SdpLine[] {
    return readSdpLines(this.rtc.remoteDescription?.sdp ?? '');
  }

  /** The lines in their order; a refused one is `inactive`. */
  get lines(): MediaLine[] {
    return readSdpLines(this.rtc.localDescription?.sdp ?? '').map(({ kind, port }, index) => {
      const transceiver = this.rtc
        .getTransceivers()
        .find((one) => one.mid !== null && indexOfMid(this.rtc, one.mid) === index);
      const wanted = transceiver && this.#wanted.get(transceiver);
      return {
        kind: kind === 'video' ? 'video' : 'audio',
        direction: port === 0 ? 'inactive' : (wanted ?? 'inactive'),
      };
    });
  }

  get sendsVideo(): boolean {
    const video = this.transceiver('video');
    return video !== undefined && video.sender.track !== null && sends(this.#wanted.get(video));
  }

  get receivesVideo(): boolean {
    return (this.#remote?.getVideoTracks().length ?? 0) > 0;
  }

  /** Whether this kind is sent, and taken as soon as the other side sends it. */
  wantsBothWays(kind: string): boolean {
    const line = this.rtc.getTransceivers().find((one) => kindOf(one) === kind && one.direction !== 'stopped');
    return line !== undefined && line.sender.track !== null && this.wantedOf(line) === 'sendrecv';
  }

  /** The line of this kind that is in use. */
  transceiver(kind: MediaKind): RTCRtpTransceiver | undefined {
    return this.rtc.getTransceivers().find((one) => kindOf(one) === kind && one.direction !== 'stopped');
  }

  /** Lines of a first offer: audio always, video when there is some to send or `receives` asks for it. */
  addLines(stream: MediaStream, receives: { readonly video: boolean }): void {
    this.#local = stream;
    const [audio] = stream.getAudioTracks();
    const [video] = stream.getVideoTracks();
    this.addLine('audio', audio, audio ? 'sendrecv' : 'recvonly');
    if (video || receives.video) this.addLine('video', video, video ? 'sendrecv' : 'recvonly');
  }

  /** The lines that another connection of the same call had. */
  addLinesAgain(lines: readonly MediaLine[], stream: MediaStream): void {
    this.#local = stream;
    for (const { kind, direction } of lines) {
      const track = stream.getTracks().find((one) => one.kind === kind);
      this.addLine(kind, sends(direction) ? track : undefined, track ? direction : withoutSending(direction));
    }
  }

  addLine(
    kind: MediaKind,
    track: MediaStreamTrack | undefined,
    direction: RTCRtpTransceiverDirection,
  ): RTCRtpTransceiver {
    const streams = this.#local ? [this.#local] : [];
    const transceiver = this.rtc.addTransceiver(track ?? kind, { direction, streams });
    this.want(transceiver, direction);
    return transceiver;
  }

  /** Says what a line is meant to do while the call is not on hold. */
  want(transceiver: RTCRtpTransceiver, direction: RTCRtpTransceiverDirection): void {
    this.#wanted.set(transceiver, direction);
    transceiver.direction = this.#isHeld ? 'inactive' : direction;
  }

  wantedOf(transceiver: RTCRtpTransceiver): RTCRtpTransceiverDirection {
    return this.#wanted.get(transceiver) ?? 'inactive';
  }

  /** On hold all lines are `inactive`: nobody hears what is said beside the call. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const transceiver of this.rtc.getTransceivers()) {
      if (transceiver.direction !== 'stopped') this.want(transceiver, this.wantedOf(transceiver));
    }
  }

  async makeOffer(): Promise<string> {
    const offer = await this.rtc.createOffer();
    await this.rtc.setLocalDescription(offer);
    return offer.sdp ?? '';
  }

  async takeAnswer(sdp: string): Promise<void> {
    await this.#takeRemote({ type: 'answer', sdp });
    this.#collectTracks();
  }

  /** Takes an offer of the other side; nothing is sent or received for new lines until `attach` says so. */
  async takeOffer(sdp: string): Promise<void> {
    await this.#takeRemote({ type: 'offer', sdp });
  }

  /** Puts the stream's tracks on the lines that were offered and have none yet. */
  async attach(stream: MediaStream | undefined, receives: { readonly video: boolean }): Promise<void> {
    this.#local ??= stream;
    for (const transceiver of this.rtc.getTransceivers()) {
      if (transceiver.direction === 'stopped' || this.#wanted.has(transceiver)) continue;
      const kind = kindOf(transceiver);
      const track = stream?.getTracks().find((one) => one.kind === kind);
      if (track) {
        await transceiver.sender.replaceTrack(track);
        this.#local?.addTrack(track);
      }
      const mayReceive = kind === 'audio' || receives.video;
      this.want(transceiver, mayReceive ? (track ? 'sendrecv' : 'recvonly') : track ? 'sendonly' : 'inactive');
    }
  }

  async makeAnswer(): Promise<string> {
    const answer = await this.rtc.createAnswer();
    await this.rtc.setLocalDescription(answer);
    this.#collectTracks();
    return answer.sdp ?? '';
  }

  /** Takes back an offer, ours or theirs, that was not answered. */
  async rollback(): Promise<void> {
    if (this.rtc.signalingState === 'have-local-offer') await this.rtc.setLocalDescription({ type: 'rollback' });
    if (this.rtc.signalingState === 'have-remote-offer') await this.rtc.setRemoteDescription({ type: 'rollback' });
  }

  close(): void {
    this.rtc.close();
  }

  async #takeRemote(description: { readonly type: 'offer' | 'answer'; readonly sdp: string }): Promise<void> {
    await this.rtc.setRemoteDescription(description);
    this.#gateway = mediaAddresses(description.sdp);
  }

  /** A held line keeps its track, so that nothing flickers when the call goes on. */
  #collectTracks(): void {
    const transceivers = this.rtc.getTransceivers();
    const arriving = transceivers.filter((one) => receives(one.currentDirection)).map((one) => one.receiver.track);
    const kept = this.#isHeld ? (this.#remote?.getTracks() ?? []) : [];
    const tracks = new Set([...arriving, ...kept]);
    if (this.#remote === undefined && tracks.size > 0) this.#remote = this.#newMediaStream([]);
    for (const track of this.#remote?.getTracks() ?? []) if (!tracks.has(track)) this.#remote?.removeTrack(track);
    for (const track of tracks) this.#remote?.addTrack(track);
  }
}

const kindOf = (transceiver: RTCRtpTransceiver): string => transceiver.receiver.track.kind;

const indexOfMid = (rtc: RTCPeerConnection, mid: string): number =>
  [...(rtc.localDescription?.sdp ?? '').matchAll(/^a=mid:(\S+)/gm)].findIndex((found) => found[1] === mid);

const sends = (direction: RTCRtpTransceiverDirection | null | undefined): boolean =>
  direction === 'sendrecv' || direction === 'sendonly';
const receives = (direction: RTCRtpTransceiverDirection | null | undefined): boolean =>
  direction === 'sendrecv' || direction === 'recvonly';
const withoutSending = (direction: RTCRtpTransceiverDirection): RTCRtpTransceiverDirection =>
  receives(direction) ? 'recvonly' : 'inactive';
