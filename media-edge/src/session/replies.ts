import { maxKeptReplies } from '@sylk/protocol/limits.ts';
import type { Reply } from '@sylk/protocol/sylkrtc/replies.ts';

/** The replies of one session, oldest first: a repeated request gets its own again and is not carried out twice. */
export type KeptReplies = readonly Reply[];

export const keepReply = (replies: KeptReplies, reply: Reply): KeptReplies =>
  [...replies.filter(({ transaction }) => transaction !== reply.transaction), reply].slice(-maxKeptReplies);

export const replyTo = (replies: KeptReplies, transaction: string): Reply | undefined =>
  replies.find((reply) => reply.transaction === transaction);

export const ackOf = (transaction: string): Reply => ({ sylkrtc: 'ack', transaction });

export const errorOf = (transaction: string, error: string): Reply => ({ sylkrtc: 'error', transaction, error });
