import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { OutgoingPage } from '@sylk/protocol/edge/pages.ts';
import type { LinkedSignaling } from '../link/linked-signaling.ts';
import type { PageToSend, SipMessages } from '../ports/sip-messages.ts';

type PageCommand = Extract<EdgeCommand, { kind: 'page' }>;

/** Sends what signaling has stored; a text's outcome is told later, for a phone may take its time. */
export const sendPage =
  (messages: Pick<SipMessages, 'send'>, signaling: Pick<LinkedSignaling, 'pageSent'>) =>
  ({ from, to, place, page }: PageCommand): void => {
    void messages.send({ from, to, place, ...toPort(page) }).then(async ({ code, reason }) => {
      // A copy for one of our own phones says nothing about the message: it is stored already.
      if (page.kind !== 'message' || place !== undefined) return;
      await signaling.pageSent({ aor: from.aor, to, message: page.message, code, reason });
    });
  };

const toPort = (page: OutgoingPage): PageContent => {
  if (page.kind !== 'message') return page;
  const { message: id, ...rest } = page;
  return { id, ...rest };
};

type PageContent = PageToSend extends infer Page
  ? Page extends PageToSend
    ? Omit<Page, 'from' | 'to' | 'place'>
    : never
  : never;
