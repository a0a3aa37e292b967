import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FollowUp, FollowUps } from '../../ports/follow-ups.ts';
import { patience } from './patience.ts';

/** Work for later in a queue of SQS, which a function takes off it. */
export class FollowUpQueue implements FollowUps {
  readonly #url: string;
  readonly #client = new SQSClient({ ...patience });

  /** @param url of a standard queue */
  constructor(url: string) {
    this.#url = url;
  }

  async leave(job: FollowUp, delayS: number): Promise<void> {
    const MessageBody = JSON.stringify(job);
    await this.#client.send(new SendMessageCommand({ QueueUrl: this.#url, MessageBody, DelaySeconds: delayS }));
  }
}
