import type { ReportAnswer } from '@sylk/protocol/edge/reports.ts';
import { idempotencyMs } from '@sylk/protocol/limits.ts';

/** Answers that are remembered at most; the oldest are forgotten first. */
const maxAnswers = 100_000;

/** The reports of late and their answers: a repeated report gets the same answer and changes nothing. */
export class AnsweredReports {
  readonly #answers = new Map<string, { readonly at: number; readonly answer: Promise<ReportAnswer> }>();

  /**
   * @param key names the report among those of all edges
   * @param now ms since 1970
   * @param carryOut does what a new report asks for
   */
  answer(key: string, now: number, carryOut: () => Promise<ReportAnswer>): Promise<ReportAnswer> {
    this.#forgetOld(now);
    const known = this.#answers.get(key);
    if (known !== undefined) return known.answer;
    const answer = this.#keepIfGood(key, carryOut());
    this.#answers.set(key, { at: now, answer });
    return answer;
  }

  // A failure may pass: the next try is carried out again.
  async #keepIfGood(key: string, pending: Promise<ReportAnswer>): Promise<ReportAnswer> {
    const answer = await pending;
    if (!answer.ok) this.#answers.delete(key);
    return answer;
  }

  // A map keeps the order in which keys were put in, so the old ones come first.
  #forgetOld(now: number): void {
    for (const [key, { at }] of this.#answers) {
      if (at + idempotencyMs > now && this.#answers.size < maxAnswers) return;
      this.#answers.delete(key);
    }
  }
}
