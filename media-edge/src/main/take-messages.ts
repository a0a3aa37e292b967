import { PageDesk, type PageDeskOptions } from '../exchange/page-desk.ts';
import type { LinkedSignaling } from '../link/linked-signaling.ts';
import type { MessageAccounts } from '../ports/message-accounts.ts';

export interface TakeMessagesOptions extends Omit<PageDeskOptions, 'phones' | 'accounts'> {
  readonly signaling: LinkedSignaling;
}

/** From now on messages of SIP go to signaling, which keeps them. */
export const takeMessages = ({ signaling, ...options }: TakeMessagesOptions): PageDesk =>
  new PageDesk({ ...options, phones: signaling, accounts: messageAccounts(signaling) });

const messageAccounts = (signaling: LinkedSignaling): MessageAccounts => ({
  message: ({ from, proven, credentials, to, id: message, ...text }) =>
    signaling.page({ from, proven, credentials, to, page: { kind: 'message', message, ...text } }),
  disposition: ({ from, proven, credentials, to, ...disposition }) =>
    signaling.page({ from, proven, credentials, to, page: { kind: 'disposition', ...disposition } }),
  composing: ({ from, proven, credentials, to, ...composing }) =>
    signaling.page({ from, proven, credentials, to, page: { kind: 'composing', ...composing } }),
});
