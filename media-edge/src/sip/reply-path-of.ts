import { maxStrangerRepeats } from '@sylk/protocol/limits.ts';
import type { ParsedRequest } from './message/parse-message.ts';
import { wantsSips } from './message/sips.ts';
import type { Protection } from './protection/protection.ts';
import type { Flow } from './transport/flow.ts';
import { ReplyPath, type ReplyPathOptions } from './transport/reply-path.ts';

interface ReplyParts extends Pick<ReplyPathOptions, 'flows' | 'retransmissions' | 'onSent'> {
  readonly protection: Protection;
}

/** The way back of a request; strangers get their answer less often, as their address may be somebody else's. */
export const replyPathOf = (
  { message, via }: ParsedRequest,
  flow: Flow,
  { protection, ...parts }: ReplyParts,
): ReplyPath =>
  new ReplyPath({
    ...parts,
    flow,
    via,
    method: message.method,
    transactionId: message.viaBranch,
    contactUser: message.ruri?.user || undefined,
    isSips: wantsSips(message),
    ...(protection.isKnown(flow.peer.address) ? {} : { mostRepeats: maxStrangerRepeats }),
  });
