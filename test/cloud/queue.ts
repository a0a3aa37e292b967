import { createHash, randomUUID } from 'node:crypto';
import type { QueueDefinition } from './deployment.ts';
import type { Faults } from './faults.ts';
import { at, listAt, numberAt, objectAt, textAt } from './json-path.ts';
import { refusal, type ServiceAnswer } from './service-answer.ts';

export interface Job {
  readonly id: string;
  readonly body: string;
  /** How often it was given out. */
  receives: number;
  /** Not given out before, ms since 1970. */
  visibleAt: number;
}

export interface QueueOptions {
  readonly definition: QueueDefinition;
  readonly faults: Faults;
  /** A second of the queue takes so many; below 1 delays and visibility pass more quickly. */
  readonly secondsScale: number;
  /** @throws FunctionError */
  invoke(functionArn: string, event: unknown): Promise<unknown>;
  onLog(text: string): void;
}

/** A standard queue of SQS and what takes jobs off it for the function: delays, repeats, no order, dead letters. */
export class Queue {
  readonly definition: QueueDefinition;
  readonly deadLetters: Job[] = [];
  readonly #options: QueueOptions;
  readonly #jobs = new Map<string, Job>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #isClosed = false;
  sent = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.definition = options.definition;
  }

  /** Jobs that are neither done nor dead. */
  get size(): number {
    return this.#jobs.size;
  }

  /** @param action of SQS, by its JSON protocol */
  answer(action: string, request: unknown): ServiceAnswer {
    if (at(request, 'QueueUrl') === undefined) return refusal(400, 'com.amazonaws.sqs#MissingParameter');
    if (action === 'SendMessage') return { status: 200, body: JSON.stringify(this.#add(request)) };
    if (action !== 'SendMessageBatch') return refusal(400, 'com.amazonaws.sqs#UnsupportedOperation', action);
    const entries = listAt(request, 'Entries');
    if (entries.length > 10) return refusal(400, 'com.amazonaws.sqs#TooManyEntriesInBatchRequest');
    const Successful = entries.map((entry) => ({ Id: textAt(entry, 'Id'), ...this.#add(entry) }));
    return { status: 200, body: JSON.stringify({ Successful, Failed: [] }) };
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #add(entry: unknown) {
    const body = textAt(entry, 'MessageBody');
    const delayS = numberAt(entry, 0, 'DelaySeconds');
    if (delayS < 0 || delayS > 900) throw new Error(`DelaySeconds is ${delayS}, expected 0 to 900`);
    const { faults } = this.#options;
    const job = { id: randomUUID(), body, receives: 0, visibleAt: this.#in(delayS * 1000) + faults.delayMs() };
    this.sent += 1;
    this.#jobs.set(job.id, job);
    this.#lookAt(job.visibleAt);
    return { MessageId: job.id, MD5OfMessageBody: createHash('md5').update(body).digest('hex') };
  }

  #in(ms: number): number {
    return Date.now() + ms * this.#options.secondsScale;
  }

  #lookAt(time: number): void {
    if (this.#isClosed) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        void this.#giveOut();
      },
      Math.max(0, time - Date.now()) + 1,
    );
    this.#timers.add(timer);
  }

  async #giveOut(): Promise<void> {
    const { worker, visibilityMs } = this.definition;
    const due = [...this.#jobs.values()].filter(({ visibleAt }) => visibleAt <= Date.now());
    const batch = due.slice(0, worker.batchSize);
    if (batch.length === 0) return;
    for (const job of batch) {
      job.receives += 1;
      job.visibleAt = this.#in(visibilityMs);
      this.#lookAt(job.visibleAt);
    }
    if (due.length > batch.length) this.#lookAt(Date.now());
    const failed = await this.#work(batch);
    for (const job of batch) this.#settle(job, failed.has(job.id));
  }

  /** @returns ids of the jobs that failed */
  async #work(batch: readonly Job[]): Promise<ReadonlySet<string>> {
    const { worker, arn } = this.definition;
    try {
      const event = { Records: batch.map((job) => recordOf(job, arn)) };
      const twice = this.#options.faults.comesTwice();
      const runs = await Promise.all(
        Array.from({ length: twice ? 2 : 1 }, () => this.#options.invoke(worker.functionArn, event)),
      );
      const failures = worker.reportsFailures ? listAt(runs[0], 'batchItemFailures') : [];
      return new Set(failures.map((failure) => textAt(objectAt({ failure }, 'failure'), 'itemIdentifier')));
    } catch (error) {
      this.#options.onLog(`jobs could not be worked on: ${error}`);
      return new Set(batch.map(({ id }) => id));
    }
  }

  #settle(job: Job, isFailed: boolean): void {
    if (isFailed && job.receives < this.definition.maxReceives) return;
    this.#jobs.delete(job.id);
    if (isFailed) this.deadLetters.push(job);
  }
}

const recordOf = ({ id, body, receives }: Job, arn: string) => ({
  messageId: id,
  receiptHandle: randomUUID(),
  body,
  attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: String(Date.now()) },
  messageAttributes: {},
  md5OfBody: createHash('md5').update(body).digest('hex'),
  eventSource: 'aws:sqs',
  eventSourceARN: arn,
  awsRegion: arn.split(':')[3],
});
