import { setTimeout as sleep } from 'node:timers/promises';
import { SetupFailure } from '../failure.mjs';
import { backOff } from './back-off.mjs';
import { runPart } from './part.mjs';

/**
 * @typedef {import('./part.mjs').Part} Part
 * @typedef {import('./part.mjs').Running} Running
 * @typedef {import('./part.mjs').Announcement} Announcement
 */

/** A part ends with this code when it is started with settings that cannot work (EX_CONFIG of sysexits.h). */
export const wrongSettingsCode = 78;

/** So many deaths before a part was ever ready are not bad luck. */
const deathsBeforeFirstReady = 3;

/**
 * Keeps the parts of the product running:
 *
 *   starting --ready--> running --dies--> waiting --back-off over--> starting
 *       |                                    ^
 *       +--dies, or wrong settings: all end--+--dies: waits, unless it was never ready three times
 */
export class Supervisor {
  /** @type {Map<string, Running>} */
  #running = new Map();
  /** @type {Map<string, Announcement>} */
  #announced = new Map();
  #end = new AbortController();
  /** @type {readonly Part[]} */
  #parts;
  /** @type {(text: string) => void} */
  #say;
  #backOffLimits;

  /**
   * @param {object} options
   * @param {readonly Part[]} options.parts in the order of starting; they end in the opposite order
   * @param {(text: string) => void} options.say shows the operator what happens
   * @param {import('./back-off.mjs').BackOffLimits} [options.backOffLimits]
   */
  constructor({ parts, say, backOffLimits }) {
    this.#parts = parts;
    this.#say = say;
    this.#backOffLimits = backOffLimits;
  }

  /**
   * Starts all parts.
   *
   * @param {(announcements: ReadonlyMap<string, Announcement>) => void} onReady called once, when all are ready
   * @returns {Promise<void>} settles when all have ended after `stop`
   * @throws {SetupFailure} when one cannot be brought to run; the others have been ended then
   */
  async run(onReady) {
    const kept = this.#parts.map((part) => this.#keep(part, onReady));
    try {
      await Promise.all(kept);
    } catch (error) {
      await this.stop();
      await Promise.allSettled(kept);
      throw error;
    }
  }

  /** Ends all parts, the last first, each within its limit; safe to repeat. */
  async stop() {
    this.#end.abort();
    for (const part of [...this.#parts].reverse()) {
      const running = this.#running.get(part.name);
      if (running) await endWithin(running, part.endLimitMs);
    }
  }

  /** Ends all parts at once. */
  kill() {
    this.#end.abort();
    for (const running of this.#running.values()) running.kill('SIGKILL');
  }

  /**
   * @param {Part} part
   * @param {(announcements: ReadonlyMap<string, Announcement>) => void} onReady
   */
  async #keep(part, onReady) {
    const waitAfter = backOff(this.#backOffLimits);
    for (let deaths = 1; !this.#end.signal.aborted; deaths++) {
      const startedAt = Date.now();
      const running = runPart(part, (announcement) => this.#announce(part, announcement, onReady));
      this.#running.set(part.name, running);
      const how = await running.ended;
      this.#running.delete(part.name);
      if (this.#end.signal.aborted) return;
      this.#giveUpIfHopeless(part, how, deaths);
      const waitMs = waitAfter(Date.now() - startedAt);
      this.#say(`${part.name} ended with ${how}; it is started again in ${waitMs / 1000} s`);
      await sleep(waitMs, undefined, { signal: this.#end.signal }).catch(() => undefined);
    }
  }

  /**
   * @param {Part} part
   * @param {string} how
   * @param {number} deaths
   */
  #giveUpIfHopeless(part, how, deaths) {
    if (how === `exit code ${wrongSettingsCode}`) {
      throw new SetupFailure(
        `${part.name} cannot work with these settings`,
        'it says above which one, and what is allowed',
      );
    }
    if (deaths >= deathsBeforeFirstReady && !this.#announced.has(part.name)) {
      throw new SetupFailure(
        `${part.name} ended with ${how} before it was ready, ${deaths} times`,
        'its log above says why',
      );
    }
  }

  /**
   * @param {Part} part
   * @param {Announcement} announcement
   * @param {(announcements: ReadonlyMap<string, Announcement>) => void} onReady
   */
  #announce(part, announcement, onReady) {
    const wereAllReady = this.#announced.size === this.#parts.length;
    this.#announced.set(part.name, announcement);
    if (wereAllReady) this.#say(`${part.name} runs again`);
    else if (this.#announced.size === this.#parts.length) onReady(this.#announced);
  }
}

/**
 * @param {Running} running
 * @param {number} limitMs
 */
async function endWithin(running, limitMs) {
  const timer = setTimeout(() => running.kill('SIGKILL'), limitMs);
  running.kill('SIGTERM');
  await running.ended;
  clearTimeout(timer);
}
