import type { RegisterAnswer } from '@sylk/protocol/edge/phones.ts';
import type { StatelessReply } from '../message/stateless-reply.ts';

export interface ReplyContext {
  readonly path: readonly string[];
  /** The phone keeps its flow, and so do we (RFC 5626 s. 6). */
  readonly isOutbound: boolean;
}

/** How often a phone should show that its flow is open, s (RFC 5626 s. 4.4): often enough for the NAT in front of it. */
const flowTimerS = 120;

/** What a phone hears of its REGISTER (RFC 3261 s. 10.3 (8)). */
export function registerReply(answer: RegisterAnswer, { path, isOutbound }: ReplyContext): StatelessReply {
  switch (answer.status) {
    case 'done':
      return {
        code: 200,
        phrase: 'OK',
        headers: [
          ...answer.contacts.map(contactHeader),
          // RFC 3327 s. 5.3: so that the phone knows its way.
          ...path.map((one) => `Path: ${one}`),
          ...(isOutbound ? ['Require: outbound', `Flow-Timer: ${flowTimerS}`] : []),
          'Supported: path, outbound',
        ],
      };
    case 'out-of-order':
      return { code: 500, phrase: 'A later REGISTER has come before', headers: ['Retry-After: 1'] };
    case 'full':
      return { code: 403, phrase: 'Too many phones at this address' };
    case 'refused':
      return { code: 503, phrase: 'Too many wrong passwords', headers: [`Retry-After: ${answer.retryAfterS}`] };
    case 'wrong':
      return { code: 403, phrase: 'Wrong name or password' };
    case 'blocked':
      return { code: 403, phrase: 'This address is blocked' };
    case 'expired':
      return { code: 410, phrase: 'This address is over' };
  }
}

type Contact = Extract<RegisterAnswer, { status: 'done' }>['contacts'][number];

function contactHeader({ contact, expiresS, q, instance, regId }: Contact): string {
  const parameters = [
    `expires=${expiresS}`,
    ...(q === 1000 ? [] : [`q=${q / 1000}`]),
    ...(instance === undefined ? [] : [`+sip.instance="${instance}"`]),
    ...(regId === undefined ? [] : [`reg-id=${regId}`]),
  ];
  return `Contact: <${contact}>;${parameters.join(';')}`;
}
