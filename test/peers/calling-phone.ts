import { browserAnswer, SipWorld, type SipWorldOptions, type WatchedLeg } from '../scenario/sip-world.ts';
import { ack, asks, gets, invite, mayGet, repliesInDialog, SippFlow, type Step } from './sipp-scenario.ts';

/** Bob's phone, which is SIPp and calls alice at a gateway of its own. */
export class CallingPhone {
  readonly world: SipWorld;
  #running: SippFlow | undefined;

  private constructor(world: SipWorld) {
    this.world = world;
  }

  static async open(timers: SipWorldOptions['timers'] = {}): Promise<CallingPhone> {
    const fast = { t1Ms: 100, t2Ms: 400, t4Ms: 500, sessionS: 2, leastSessionS: 1, closeMs: 300 };
    return new CallingPhone(await SipWorld.open({ timers: { ...fast, ...timers } }));
  }

  /** Plays these steps. @returns its call as the gateway has it, and who calls */
  async calls(...steps: readonly Step[]): Promise<{ bob: SippFlow; call: WatchedLeg; from: string }> {
    const bob = await this.#start(steps);
    const incoming = await this.world.invited(10_000);
    const call = await this.world.takes(incoming);
    return { bob, call, from: `${incoming.from.displayName} ${incoming.from.uri}` };
  }

  /** The same, answered at once. */
  async talks(...steps: readonly Step[]): Promise<{ bob: SippFlow; call: WatchedLeg }> {
    const { bob, call } = await this.calls(invite(), mayGet(100), gets(200), ack(1), ...steps);
    await call.leg.accept(browserAnswer());
    return { bob, call };
  }

  /** The gateway does not even hand its call up. */
  async isRefused(...steps: readonly Step[]): Promise<void> {
    await (await this.#start(steps)).succeeds();
  }

  async hangUp(): Promise<void> {
    await this.#running?.stop();
  }

  async close(): Promise<void> {
    await this.hangUp();
    await this.world.close();
  }

  async #start(steps: readonly Step[]): Promise<SippFlow> {
    this.#running = await SippFlow.start(steps, `127.0.0.1:${this.world.gateway.port}`);
    return this.#running;
  }
}

export const byeByBob: readonly Step[] = [asks('BYE', 9), gets(200)];
export const byeByUs: readonly Step[] = [gets('BYE'), repliesInDialog('200 OK')];
