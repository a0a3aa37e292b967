import { connectionId } from '@sylk/protocol/ids.ts';
import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import { ProtocolError } from '@sylk/protocol/protocol-error.ts';
import type { FollowUp, FollowUps } from '../../ports/follow-ups.ts';
import { carryOutFollowUp } from '../../signaling/follow-up.ts';
import type { Services } from '../../signaling/services.ts';
import type { QueueAnswer, QueueEvent } from './events.ts';

/** Jobs from the queue, all of a batch at once. Those that fail come again. */
export const followUpHandler =
  (services: Services, followUps: FollowUps) =>
  async ({ Records }: QueueEvent): Promise<QueueAnswer> => {
    const failed = await Promise.all(Records.map((record) => isFailing(services, followUps, record)));
    const again = Records.filter((_, index) => failed[index]);
    return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

const isFailing = async (
  services: Services,
  followUps: FollowUps,
  { messageId, body }: QueueEvent['Records'][number],
): Promise<boolean> => {
  try {
    await carryOutFollowUp(services, followUps, readJob(body));
    return false;
  } catch (error) {
    services.log.error({ err: error, job: messageId }, 'a job failed and will be tried again');
    return true;
  }
};

/** @throws ProtocolError when the text is no job of ours */
const readJob = (text: string): FollowUp => {
  const job = parseJson(text);
  if (isJsonObject(job) && job.kind === 'watch-edges') return { kind: 'watch-edges' };
  if (isJsonObject(job) && job.kind === 'ready' && typeof job.connection === 'string') {
    const attempt = typeof job.attempt === 'number' ? job.attempt : 1;
    return { kind: 'ready', connection: connectionId(job.connection), attempt };
  }
  throw new ProtocolError("not a job: expected kind 'ready' with a connection, or 'watch-edges'");
};
