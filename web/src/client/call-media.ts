import type { Environment } from './environment.ts';
import { IceWatch } from './ice-watch.ts';
import { type MediaChange, Negotiation } from './negotiation.ts';
import { type MediaLine, PeerConnection } from './peer-connection.ts';
import type { Reply } from './pending-requests.ts';
import type { SdpLine } from './sdp-lines.ts';
import type { Statistics } from './statistics.ts';

export interface CallMediaOptions {
  readonly environment: Environment;
  readonly statistics: Statistics;
  readonly pcConfig?: RTCConfiguration;
  /** Sends `session-update`. */
  send(sdp: string, transaction: string): Promise<Reply>;
  /** The call can be updated now; before that, no path is restarted. */
  isUpdatable(): boolean;
  pathChanged(isUp: boolean): void;
}

/** The media of one call: its connection to the gateway and every change to what flows over it. */
export class CallMedia {
  readonly peer: PeerConnection;
  readonly negotiation: Negotiation;
  readonly #watch: IceWatch;
  readonly #statistics: Statistics;

  /** @throws Error where there is no WebRTC */
  constructor(options: CallMediaOptions) {
    const { newPeerConnection, newMediaStream, clock } = options.environment;
    if (newPeerConnection === undefined) throw new Error('WebRTC support not detected');
    const rtc = newPeerConnection({ iceServers: [], bundlePolicy: 'max-bundle', ...options.pcConfig });
    this.peer = new PeerConnection(rtc, newMediaStream);
    this.negotiation = new Negotiation({ clock, peer: this.peer, send: options.send });
    this.#statistics = options.statistics;
    this.#statistics.watch(rtc);
    this.#watch = new IceWatch({
      clock,
      rtc,
      restart: () => this.#restartIce(options),
      pathChanged: options.pathChanged,
    });
  }

  async offer(stream: MediaStream, receives: { readonly video: boolean }): Promise<string> {
    this.peer.addLines(stream, receives);
    return this.peer.makeOffer();
  }

  /** The offer of a page that takes the call over; the answer to it comes as the outcome of an update. */
  async offerAgain(lines: readonly MediaLine[], stream: MediaStream, isHeld: boolean): Promise<string> {
    this.peer.addLinesAgain(lines, stream);
    if (isHeld) this.peer.hold(true);
    return this.peer.makeOffer();
  }

  async answer(offer: string, stream: MediaStream, receives: { readonly video: boolean }): Promise<string> {
    await this.peer.takeOffer(offer);
    await this.peer.attach(stream, receives);
    return this.peer.makeAnswer();
  }

  /** The first answer; later ones are outcomes of updates. */
  async takeFirstAnswer(sdp: string): Promise<void> {
    if (this.peer.rtc.signalingState === 'have-local-offer') await this.peer.takeAnswer(sdp);
  }

  /** @throws Error when the other side refuses; the track is stopped then */
  addVideo(track: MediaStreamTrack): Promise<void> {
    const line = this.peer.transceiver('video');
    return this.negotiation.update(line ? this.#useLine(line, track) : this.#newLine(track));
  }

  /** @throws Error when there is no video of ours */
  async removeVideo(): Promise<void> {
    const line = this.peer.transceiver('video');
    const track = line?.sender.track;
    if (!line || !track) throw new Error('this call sends no video');
    await this.negotiation.update(this.#freeLine(line, track));
    track.stop();
  }

  async hold(isHeld: boolean): Promise<void> {
    if (this.peer.isHeld === isHeld) return;
    await this.negotiation.update({
      apply: () => this.peer.hold(isHeld),
      undo: () => this.peer.hold(!isHeld),
    });
  }

  /** Answers the other side's update: with the stream's tracks, and new video only if it is wanted. */
  answerUpdate(stream: MediaStream | undefined, receives: { readonly video: boolean }): Promise<void> {
    return this.negotiation.answer({ apply: () => this.peer.attach(stream, receives), undo: () => undefined });
  }

  /** Exchanges what is sent; resolves with `false` when `oldTrack` is not sent here. */
  async replaceTrack(oldTrack: MediaStreamTrack, newTrack: MediaStreamTrack): Promise<boolean> {
    const sender = this.peer.rtc.getSenders().find((one) => one.track === oldTrack);
    if (sender === undefined) return false;
    await sender.replaceTrack(newTrack);
    this.peer.local?.removeTrack(oldTrack);
    this.peer.local?.addTrack(newTrack);
    return true;
  }

  /** The path to the gateway is, or may be, lost. */
  pathLost(): void {
    this.#watch.lost();
  }

  get isPathUp(): boolean {
    return this.#watch.isUp;
  }

  get remoteLines(): SdpLine[] {
    return this.peer.remoteLines;
  }

  close(): void {
    this.#watch.close();
    this.#statistics.close();
    this.negotiation.close();
    this.peer.close();
  }

  async #restartIce(options: CallMediaOptions): Promise<void> {
    if (!options.isUpdatable()) throw new Error('the call is not established yet');
    await this.negotiation.update({ apply: () => this.peer.rtc.restartIce(), undo: () => undefined });
  }

  #useLine(line: RTCRtpTransceiver, track: MediaStreamTrack): MediaChange {
    const before = this.peer.wantedOf(line);
    return {
      apply: async () => {
        await line.sender.replaceTrack(track);
        this.peer.local?.addTrack(track);
        this.peer.want(line, 'sendrecv');
      },
      undo: async () => {
        await line.sender.replaceTrack(null);
        this.#forget(track);
        this.peer.want(line, before);
      },
    };
  }

  #newLine(track: MediaStreamTrack): MediaChange {
    let line: RTCRtpTransceiver | undefined;
    return {
      apply: () => {
        line = this.peer.addLine('video', track, 'sendrecv');
        this.peer.local?.addTrack(track);
      },
      undo: () => {
        line?.stop();
        this.#forget(track);
      },
    };
  }

  #freeLine(line: RTCRtpTransceiver, track: MediaStreamTrack): MediaChange {
    const { local, receivesVideo } = this.peer;
    const before = this.peer.wantedOf(line);
    return {
      apply: async () => {
        await line.sender.replaceTrack(null);
        local?.removeTrack(track);
        this.peer.want(line, receivesVideo ? 'recvonly' : 'inactive');
      },
      undo: async () => {
        await line.sender.replaceTrack(track);
        local?.addTrack(track);
        this.peer.want(line, before);
      },
    };
  }

  #forget(track: MediaStreamTrack): void {
    this.peer.local?.removeTrack(track);
    track.stop();
  }
}
