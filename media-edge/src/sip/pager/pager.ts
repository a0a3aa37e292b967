import type { IncomingPage, PageOutcome, PageReply, PageToSend, SipMessages } from '../../ports/sip-messages.ts';
import type { FindWay } from '../dial/way-finder.ts';
import type { Inbound } from '../inbound.ts';
import type { LegContext } from '../leg-context.ts';
import type { Phones } from '../registrar/phones.ts';
import type { Registrations } from '../registration/registrations.ts';
import { PagerClient } from './pager-client.ts';
import { PagerServer } from './pager-server.ts';
import { PeerHabits } from './peer-habits.ts';

/** The accounts of an endpoint: ours, and those of providers. */
export interface PagerAccounts {
  readonly phones: Phones;
  readonly registrations: Registrations;
}

/** Messages outside calls, in pager mode: each is a request of its own. */
export class Pager implements SipMessages {
  readonly #client: PagerClient;
  readonly #server: PagerServer;

  constructor(context: LegContext, inbound: Inbound, { phones, registrations }: PagerAccounts, findWay: FindWay) {
    const habits = new PeerHabits(context.clock);
    this.#client = new PagerClient({ ...context, habits, findWay: (page) => phones.findWay(page, findWay) });
    this.#server = new PagerServer({
      core: context.gateway.core,
      log: context.log,
      habits,
      registrations,
      bodyOf: (message) => inbound.bodyOf(message),
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
