import type { PeerConnection } from './peer-connection.ts';

/** What sharing a screen needs of the call. */
export interface ScreenSharingCall {
  readonly peer: PeerConnection;
  addVideo(track: MediaStreamTrack): Promise<boolean>;
  removeVideo(): Promise<boolean>;
  changed(): void;
}

/**
 * Sends a screen in the place of the camera, or as the call's only video. Nothing of it is on the wire when
 * there is video already: the track is exchanged, the other side just sees another picture.
 */
export class ScreenSharing {
  readonly #call: ScreenSharingCall;
  #screen: MediaStreamTrack | undefined;
  #camera: MediaStreamTrack | undefined;

  constructor(call: ScreenSharingCall) {
    this.#call = call;
  }

  get isActive(): boolean {
    return this.#screen !== undefined;
  }

  /** @returns whether the screen is being sent; the other side may refuse added video */
  async start(track: MediaStreamTrack): Promise<boolean> {
    if (this.#screen !== undefined) throw new Error('a screen is shared already: stop that first');
    this.#screen = track;
    track.addEventListener('ended', () => void this.stop(track));
    const { peer } = this.#call;
    const sender = peer.sendsVideo ? peer.transceiver('video')?.sender : undefined;
    const isSent = sender ? await this.#exchange(sender, track) : await this.#call.addVideo(track);
    if (!isSent) this.#screen = undefined;
    this.#call.changed();
    return isSent;
  }

  /** Gives the camera back its place; also when the person ends the sharing in the browser's own bar. */
  async stop(track = this.#screen): Promise<void> {
    if (track === undefined || track !== this.#screen) return;
    const camera = this.#camera;
    this.#screen = this.#camera = undefined;
    const sender = this.#call.peer.transceiver('video')?.sender;
    if (camera === undefined) await this.#call.removeVideo();
    else await sender?.replaceTrack(camera);
    track.stop();
    this.#call.changed();
  }

  async #exchange(sender: RTCRtpSender, track: MediaStreamTrack): Promise<boolean> {
    this.#camera = sender.track ?? undefined;
    await sender.replaceTrack(track);
    return true;
  }
}
