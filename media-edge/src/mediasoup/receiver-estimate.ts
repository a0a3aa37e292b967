import type { types } from 'mediasoup';
import type { Log } from '../ports/log.ts';
import { LossEstimate, lostShare, type SentTotals } from './loss-estimate.ts';

const transportWide = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

/** An estimate that changes by less is not news. */
const newsStep = 0.05;
/** Browsers report about video once a second (RFC 3550 s. 6.2 at these rates). */
const sampleMs = 1000;

const noneSent: SentTotals = { packets: 0, packetsLost: 0, packetsAskedFor: 0 };

/**
 * What one browser can take: from the arrival times that it reports where the transport-wide extension is agreed on,
 * else from its loss. Only video asks for it; sound has nothing to give up.
 */
export class ReceiverEstimate {
  readonly #transport: types.WebRtcTransport;
  readonly #onEstimate: (bps: number) => void;
  readonly #log: Log;
  #toldBps = 0;
  #isTraced = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(transport: types.WebRtcTransport, log: Log, onEstimate: (bps: number) => void) {
    this.#transport = transport;
    this.#log = log;
    this.#onEstimate = onEstimate;
    transport.on('trace', (event) => this.#noteTrace(event));
    transport.observer.once('close', () => clearInterval(this.#timer));
  }

  async watch(consumer: types.Consumer): Promise<void> {
    if (consumer.kind !== 'video') return;
    const extensions = consumer.rtpParameters.headerExtensions ?? [];
    if (extensions.some(({ uri }) => uri === transportWide)) return this.#trace();
    const state = { estimate: new LossEstimate(), totals: noneSent };
    clearInterval(this.#timer);
    const timer = setInterval(() => void this.#sample(consumer, state), sampleMs);
    this.#timer = timer;
    consumer.observer.once('close', () => clearInterval(timer));
  }

  async #trace(): Promise<void> {
    if (this.#isTraced) return;
    this.#isTraced = true;
    await this.#transport.enableTraceEvent(['bwe']);
  }

  #noteTrace(event: types.TransportTraceEventData): void {
    const bps = event.type === 'bwe' ? availableBitrate(event.info) : undefined;
    if (bps !== undefined) this.#tell(bps);
  }

  async #sample(consumer: types.Consumer, state: { estimate: LossEstimate; totals: SentTotals }): Promise<void> {
    if (consumer.closed || consumer.paused) return;
    try {
      const sent = (await consumer.getStats()).find((stat) => stat.type === 'outbound-rtp');
      if (sent === undefined) return;
      const totals = {
        packets: sent.packetCount,
        packetsLost: sent.packetsLost,
        packetsAskedFor: sent.nackPacketCount,
      };
      const lost = lostShare(state.totals, totals);
      state.totals = totals;
      this.#tell(state.estimate.next({ sentBps: sent.bitrate, lost }, performance.now()));
    } catch (error) {
      // It was closed while the question was on its way.
      this.#log.debug({ consumer: consumer.id, error: String(error) }, 'no statistics of a consumer');
    }
  }

  #tell(bps: number): void {
    if (bps <= 0 || Math.abs(bps - this.#toldBps) < this.#toldBps * newsStep) return;
    this.#toldBps = bps;
    this.#onEstimate(bps);
  }
}

/** The trace's `info` is untyped in the library. */
function availableBitrate(info: unknown): number | undefined {
  if (typeof info !== 'object' || info === null || !('availableBitrate' in info)) return undefined;
  return Number(info.availableBitrate);
}
