import type { Codec } from '../call/media.ts';
import type { Log } from '../ports/log.ts';
import type { Relay } from '../ports/relay.ts';
import type { Sfu } from '../ports/sfu.ts';
import { toCapabilities, toMediaCodecs } from './media-codecs.ts';
import { Producers } from './producers.ts';
import { MediasoupRouter } from './router.ts';
import { Workers } from './workers.ts';

export interface MediasoupSfuOptions {
  /** Path of the worker program. */
  readonly workerBin: string;
  /** How many workers; one a core is enough. */
  readonly workers: number;
  /** First of the ports for browsers, UDP and TCP, one a worker. */
  readonly firstPort: number;
  /** How the machine is reached from the Internet, where its own addresses are not that. */
  readonly publicAddress?: string;
  /** Sockets towards plain RTP peers; closed with this. */
  readonly relay: Relay;
  readonly log: Log;
  /** So long may a browser be silent before it counts as lost (RFC 7675 s. 5.1): 10 to 60 s, default 10. */
  readonly iceConsentTimeoutSec?: number;
}

/** The media plane on mediasoup. */
export class MediasoupSfu implements Sfu {
  readonly #options: MediasoupSfuOptions;
  readonly #workers: Workers;
  readonly #producers = new Producers();

  /** @throws Error that says which worker could not be started or which port is taken */
  static async start(options: MediasoupSfuOptions): Promise<MediasoupSfu> {
    const { workerBin, workers, firstPort, publicAddress, log } = options;
    try {
      return new MediasoupSfu(
        options,
        await Workers.start({ workerBin, count: workers, firstPort, publicAddress, log }),
      );
    } catch (error) {
      options.relay.close();
      throw error;
    }
  }

  private constructor(options: MediasoupSfuOptions, workers: Workers) {
    this.#options = options;
    this.#workers = workers;
  }

  async createRouter(codecs: readonly Codec[]): Promise<MediasoupRouter> {
    const { worker, server } = await this.#workers.pick();
    const router = await worker.createRouter({ mediaCodecs: toMediaCodecs(codecs) });
    return new MediasoupRouter({
      router,
      server,
      capabilities: toCapabilities(router.rtpCapabilities, codecs),
      producers: this.#producers,
      relay: this.#options.relay,
      log: this.#options.log,
      iceConsentTimeoutSec: this.#options.iceConsentTimeoutSec ?? 10,
      createRouter: (other) => this.createRouter(other),
    });
  }

  cpuLoad(): number {
    return this.#workers.cpuLoad();
  }

  close(): void {
    this.#workers.close();
    this.#options.relay.close();
  }
}
