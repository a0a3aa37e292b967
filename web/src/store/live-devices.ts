import type { DeviceKind, DeviceList } from './device-list.ts';
import type { MediaCapture } from './media-capture.ts';
import type { StoreMessages } from './messages/en.ts';
import type { PhoneCall } from './phone-call.ts';
import { Sentence } from './sentence.ts';
import type { SnapshotBoard } from './snapshot-board.ts';

export interface LiveDevicesOptions {
  readonly messages: StoreMessages;
  readonly board: SnapshotBoard;
  readonly capture: MediaCapture;
  readonly devices: DeviceList;
  calls(): readonly PhoneCall[];
}

/** Microphones and cameras of calls that run: chosen anew, unplugged, plugged in again. */
export class LiveDevices {
  readonly #options: LiveDevicesOptions;

  constructor(options: LiveDevicesOptions) {
    this.#options = options;
  }

  /** @throws Sentence when the device cannot be used */
  async choose(kind: DeviceKind, id: string): Promise<void> {
    const { devices, calls } = this.#options;
    devices.want(kind, id);
    if (kind !== 'speaker') await Promise.all(calls().map((call) => this.#switch(call, kind, id)));
  }

  /** The list of devices is another: who chose one that is back gets it back. */
  async listChanged(): Promise<void> {
    const { devices, calls } = this.#options;
    for (const kind of ['microphone', 'camera'] as const) {
      const wanted = devices.wanted[kind];
      if (wanted === undefined || devices.choice[kind] !== wanted) continue;
      await Promise.all(calls().map((call) => this.#switch(call, kind, wanted)));
    }
  }

  /** Goes on with whatever other device there is. */
  async lost(call: PhoneCall, track: MediaStreamTrack): Promise<void> {
    const { board, messages } = this.#options;
    const kind = track.kind === 'video' ? 'camera' : 'microphone';
    board.notify({ kind: 'warning', sentence: messages.notice.unplugged[kind] });
    try {
      const { stream } = await this.#options.capture.open({ audio: kind === 'microphone', video: kind === 'camera' });
      const [other] = stream.getTracks();
      if (other === undefined) return;
      await call.exchange(track, other);
      if (other.label !== '') board.notify({ kind: 'info', sentence: messages.notice.switched(other.label) });
    } catch (error) {
      if (!(error instanceof Sentence)) throw error;
      if (kind === 'microphone') board.notify({ kind: 'warning', sentence: messages.notice.listening });
    }
  }

  async #switch(call: PhoneCall, kind: 'microphone' | 'camera', id: string): Promise<void> {
    const old = call.trackOf(kind);
    if (old === undefined || (call.view.isSharingScreen && kind === 'camera') || old.getSettings().deviceId === id)
      return;
    await call.exchange(old, await this.#options.capture.openDevice(kind, id));
  }
}
