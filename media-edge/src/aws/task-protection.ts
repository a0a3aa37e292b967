import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

export interface TaskProtectionOptions {
  /** `$ECS_AGENT_URI`: the agent of ECS, as a task sees it. */
  readonly agent: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Calls now. */
  calls(): number;
}

/** How often the calls are looked at, and for how long protection lasts unless it is renewed. */
const lookMs = 10_000;
const protectionMinutes = 60;
const renewAfterMs = (protectionMinutes / 2) * 60_000;

/** How long the agent may take to answer, in ms. */
const answerMs = 5_000;

/** Keeps ECS from ending this task to save cost while there are calls on it. Instances that drain are another matter. */
export class TaskProtection {
  readonly #options: TaskProtectionOptions;
  /** Since when the task is protected, ms since 1970. */
  #since: number | undefined;
  #timer: Timer | undefined;

  constructor(options: TaskProtectionOptions) {
    this.#options = options;
  }

  /** Looks now, and again and again until `stop`. */
  async watch(): Promise<void> {
    await this.look();
    this.#timer = this.#options.clock.after(lookMs, () => void this.watch());
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** Changes the protection if the calls want it otherwise. */
  async look(): Promise<void> {
    const { calls, clock } = this.#options;
    const wanted = calls() > 0;
    const isDue = this.#since === undefined || clock.now() - this.#since >= renewAfterMs;
    if (wanted && isDue) await this.#set({ ProtectionEnabled: true, ExpiresInMinutes: protectionMinutes });
    if (!wanted && this.#since !== undefined) await this.#set({ ProtectionEnabled: false });
  }

  async #set(state: { readonly ProtectionEnabled: boolean; readonly ExpiresInMinutes?: number }): Promise<void> {
    const { agent, clock, log } = this.#options;
    const now = clock.now();
    try {
      const response = await fetch(`${agent}/task-protection/v1/state`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(state),
        signal: AbortSignal.timeout(answerMs),
      });
      if (!response.ok) throw new Error(`the agent answered ${response.status}: ${await response.text()}`);
      this.#since = state.ProtectionEnabled ? now : undefined;
    } catch (error) {
      // The next look tries again.
      log.warn({ err: error, ...state }, 'the protection of this task could not be changed');
    }
  }
}
