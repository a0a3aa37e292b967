import type { CallMedia } from './call-media.ts';
import type { CallEmitter } from './call-types.ts';
import { addsMedia, directionsByKind, readSdpLines } from './sdp-lines.ts';
import type { SessionEvent } from './wire.ts';

type UpdateEvent = Extract<SessionEvent, { event: 'update' }>;

/** Changes of an established call's media, from either side, as the application hears of them. */
export class CallUpdates {
  readonly #media: CallMedia;
  readonly #call: CallEmitter;
  #hasShownRemote = false;
  #isOver = false;

  constructor(media: CallMedia, call: CallEmitter) {
    this.#media = media;
    this.#call = call;
  }

  /** @returns whether the change was taken; either way the application has been told */
  follow(change: Promise<void>): Promise<boolean> {
    return change.then(
      () => this.tell(),
      (error: unknown) => this.#failed(error),
    );
  }

  async receive(event: UpdateEvent): Promise<void> {
    const { negotiation } = this.#media;
    const { state } = event;
    if (state === 'received') return this.#offered(event.sdp ?? '');
    if (state === 'failed' && negotiation.isOffered) return negotiation.withdrawn();
    const { transaction } = event;
    if (state === 'accepted') negotiation.settle({ state, sdp: event.sdp ?? '', transaction });
    else negotiation.settle({ state, reason: event.reason ?? 'the other side refused', transaction });
  }

  /** `streamAdded`, once there is something to see or hear. */
  showRemote(): void {
    const { remote } = this.#media.peer;
    if (remote === undefined || this.#hasShownRemote) return;
    this.#hasShownRemote = true;
    this.#call.emit('streamAdded', remote);
  }

  /** `mediaUpdated`, with what flows now. */
  tell(): boolean {
    if (this.#isOver) return false;
    const { sendsVideo: hasLocalVideo, receivesVideo: hasRemoteVideo } = this.#media.peer;
    this.showRemote();
    this.#call.emit('mediaUpdated', { hasLocalVideo, hasRemoteVideo });
    this.#call.emit('resumeStateChanged');
    return true;
  }

  close(): void {
    this.#isOver = true;
  }

  /** What only takes media away, or brings what was offered the same way from here, needs nobody's leave. */
  async #offered(sdp: string): Promise<void> {
    const lines = readSdpLines(sdp);
    const asks = addsMedia(lines, this.#media.remoteLines, (kind) => this.#media.peer.wantsBothWays(kind));
    try {
      await this.#media.negotiation.takeOffer(sdp);
    } catch (error) {
      this.#failed(error);
      return;
    }
    if (asks) this.#call.emit('updateRequest', { sdp, remoteMediaDirections: directionsByKind(lines) });
    else void this.follow(this.#media.answerUpdate(undefined, { video: true }));
  }

  #failed(error: unknown): false {
    if (!this.#isOver) this.#call.emit('updateFailed', error instanceof Error ? error : new Error(String(error)));
    return false;
  }
}
