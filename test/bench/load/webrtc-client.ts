import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift';

const pcmu = new RTCRtpCodecParameters({ mimeType: 'audio/PCMU', clockRate: 8000, channels: 1, payloadType: 0 });
// werift waits 100 ms before its ClientHello, which no browser does and which would hide what is measured.
const wait = timers.setTimeout;
timers.setTimeout = (ms, ...rest) => wait(ms === 100 ? 0 : ms, ...rest);
syncBuiltinESMExports();

const frame = Buffer.alloc(160, 0xd5);

/** A browser's end of one call without a browser: ICE, DTLS-SRTP, PCMU at 50 packets a second each way. */
export class WebRtcClient {
  readonly #connection = new RTCPeerConnection({ codecs: { audio: [pcmu], video: [] }, iceServers: [] });
  readonly #track = new MediaStreamTrack({ kind: 'audio' });
  readonly #onFirst: (at: number) => void;
  #timer: NodeJS.Timeout | undefined;
  received = 0;
  /** Resolves with the time (performance.now) of the first packet that came back. */
  readonly firstPacket: Promise<number>;

  constructor() {
    this.#connection.addTransceiver(this.#track, { direction: 'sendrecv' });
    const { promise, resolve } = Promise.withResolvers<number>();
    this.firstPacket = promise;
    this.#onFirst = resolve;
  }

  async offer(): Promise<string> {
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    // Below the tracks: not every answer names the source of what comes back.
    for (const transport of this.#connection.dtlsTransports)
      transport.onRtp.subscribe(() => {
        if (this.received++ === 0) this.#onFirst(performance.now());
      });
    const sdp = this.#connection.localDescription?.sdp;
    if (sdp === undefined) throw new Error('werift made no offer');
    // The gateway is the DTLS server for every contestant, so that all have the same handshake.
    return sdp.replace('a=setup:actpass', 'a=setup:active');
  }

  /** The other way round: media goes as soon as the caller's end is there. */
  async answer(offer: string): Promise<string> {
    await this.#connection.setRemoteDescription({ type: 'offer', sdp: offer });
    await this.#connection.setLocalDescription(await this.#connection.createAnswer());
    const sdp = this.#connection.localDescription?.sdp;
    if (sdp === undefined) throw new Error('werift made no answer');
    return sdp;
  }

  async accept(sdp: string): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'answer', sdp });
    await this.#connected();
    this.#talk();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#connection.close();
  }

  #connected(): Promise<void> {
    if (this.#connection.connectionState === 'connected') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`not connected in 10 s: ${this.#connection.connectionState}`)),
        10_000,
      );
      this.#connection.connectionStateChange.subscribe((state) => {
        if (state !== 'connected') return;
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Sends by the clock, not by the timer's ticks, so that a late tick is made good. */
  #talk(): void {
    const start = performance.now();
    const ssrc = Math.floor(Math.random() * 2 ** 32);
    let sent = 0;
    const tick = () => {
      const due = Math.floor((performance.now() - start) / 20) + 1;
      for (; sent < due; sent++) {
        const header = new RtpHeader({
          payloadType: 0,
          sequenceNumber: sent & 0xffff,
          timestamp: sent * 160,
          ssrc,
          marker: sent === 0,
        });
        this.#track.writeRtp(new RtpPacket(header, frame));
      }
    };
    tick();
    this.#timer = setInterval(tick, 20);
  }
}
