import type { types } from 'mediasoup';

/** Which router each producer is on, so that a leg on another router can have it too. */
export class Producers {
  readonly #routers = new Map<string, types.Router>();
  /** `producer router` to the producer's double on that router. */
  readonly #doubles = new Map<string, Promise<string>>();

  add(producer: types.Producer, router: types.Router): void {
    this.#routers.set(producer.id, router);
    producer.observer.once('close', () => {
      this.#routers.delete(producer.id);
      for (const key of this.#doubles.keys()) if (key.startsWith(`${producer.id} `)) this.#doubles.delete(key);
    });
  }

  /**
   * The id under which `router` has a producer, brought there by a pipe if it is another's.
   *
   * @throws Error if the producer is gone
   */
  async reach(producerId: string, router: types.Router): Promise<string> {
    const home = this.#routers.get(producerId);
    if (home === undefined) throw new Error(`producer ${producerId} is closed`);
    if (home.id === router.id) return producerId;
    const key = `${producerId} ${router.id}`;
    const double = this.#doubles.get(key) ?? this.#pipe(producerId, home, router);
    this.#doubles.set(key, double);
    try {
      return await double;
    } catch (error) {
      this.#doubles.delete(key);
      throw error;
    }
  }

  async #pipe(producerId: string, home: types.Router, router: types.Router): Promise<string> {
    // In one worker the double needs an id of its own.
    const { pipeProducer } = await home.pipeToRouter({
      producerId,
      router,
      keepId: false,
      enableSctp: false,
      enableRtx: true,
    });
    if (pipeProducer === undefined) throw new Error(`producer ${producerId} could not be piped`);
    return pipeProducer.id;
  }
}
