import type { IncomingPage, PageOutcome, PageReply, PageToSend, SipMessages } from '../../ports/sip-messages.ts';
import type { FindWay } from '../dial/way-finder.ts';
import type { LegContext } from '../leg-context.ts';
import type { Phones } from '../registrar/phones.ts';
import type { Registrations } from '../registration/registrations.ts';
import { PagerClient } from './pager-client.ts';
import { PagerServer } from './pager-server.ts';

/** The accounts of an endpoint: ours, and those of providers. */
export interface PagerAccounts {
  readonly phones: Phones;
  readonly registrations: Registrations;
}

/** Messages outside calls, in pager mode: each is a request of its own. */
export class Pager implements SipMessages {
  readonly #client: PagerClient;
  readonly #server: PagerServer;

  constructor(context: LegContext, { phones, registrations }: PagerAccounts, findWay: FindWay) {
    this.#client = new PagerClient({ ...context, findWay: (page) => phones.findWay(page, findWay) });
    this.#server = new PagerServer({
      ...context,
      core: context.gateway.core,
      registrations,
      phoneOf: (message) => phones.inviteOf(message),
    });
  }

  send(page: PageToSend): Promise<PageOutcome> {
    return this.#client.send(page);
  }

  onMessage(callback: (page: IncomingPage) => Promise<PageReply>): void {
    this.#server.onMessage(callback);
  }
}
