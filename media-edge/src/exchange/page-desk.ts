import type { PageAnswer } from '@sylk/protocol/edge/pages.ts';
import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import { busyRetryAfterS } from '@sylk/protocol/limits.ts';
import { type OwnNames, route } from '../call/route.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MessageAccounts } from '../ports/message-accounts.ts';
import type { PhoneAccounts, PhoneClaim } from '../ports/phone-accounts.ts';
import type { IncomingPage, PageReply, PageToSend, SipMessages } from '../ports/sip-messages.ts';

export interface PageDeskOptions {
  readonly sip: SipMessages;
  readonly phones: Pick<PhoneAccounts, 'caller'>;
  readonly accounts: MessageAccounts;
  readonly own: () => OwnNames;
  readonly hasLease: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Takes the messages of SIP to where they are kept, and answers what became of them. */
export class PageDesk {
  readonly #options: PageDeskOptions;

  constructor(options: PageDeskOptions) {
    this.#options = options;
    options.sip.onMessage((page) => this.take(page));
  }

  /** Never rejects. */
  async take(page: IncomingPage): Promise<PageReply> {
    if (page.phone !== undefined) return this.#forward(page, page.phone);
    if (!this.#options.hasLease()) return unavailable;
    try {
      return await this.#keep(page);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'signaling did not take a message');
      return unavailable;
    }
  }

  async #keep(page: IncomingPage): Promise<PageReply> {
    const sender = page.caller === undefined ? undefined : await this.#senderOf(page.caller);
    if (sender !== undefined && 'code' in sender) return sender;
    const to = this.#recipientOf(page, sender !== undefined);
    if (to === undefined) return notFound;
    const answer = await this.#report(page, to, sender);
    if ('phones' in answer) for (const place of answer.phones ?? []) void this.#passOn(page, to, place);
    return replyTo(answer);
  }

  /** Nothing is relayed for others: only who has proven to be one of ours may write to somebody elsewhere. */
  #recipientOf({ account, to }: IncomingPage, isOurs: boolean): Aor | undefined {
    if (account !== undefined) return account.aor;
    const way = route(to, this.#options.own());
    if (way.to === 'account') return way.aor;
    return way.to === 'sip' && isOurs ? to : undefined;
  }

  async #senderOf(claim: PhoneClaim): Promise<{ readonly aor: Aor; readonly displayName: string } | PageReply> {
    const answer = await this.#options.phones.caller(claim);
    if (answer.status === 'right') return answer;
    if (answer.status === 'refused') return tooMuch(answer.retryAfterS);
    return answer.status === 'expired' ? gone : forbidden;
  }

  #report(
    { from, account, body }: IncomingPage,
    to: Aor,
    sender: { readonly aor: Aor; readonly displayName: string } | undefined,
  ): Promise<PageAnswer> {
    const { accounts } = this.#options;
    const display_name = from.displayName || (sender?.displayName ?? '');
    const way = {
      ...(sender && { proven: sender.aor }),
      ...(account !== undefined && { credentials: account.credentials }),
    };
    const who = { from: { uri: sender?.aor ?? from.uri, display_name }, ...way, to };
    switch (body.kind) {
      case 'message':
        return accounts.message({ ...body, ...who });
      case 'disposition':
        return accounts.disposition({ ...body, ...who });
      case 'composing':
        return accounts.composing({ ...body, ...who });
    }
  }

  /** It is stored already: a phone that does not take it finds nothing lost. */
  async #passOn(page: IncomingPage, to: Aor, place: PhonePlace): Promise<void> {
    const again = this.#outgoing(page, to, place);
    if (again === undefined) return;
    const { code, reason } = await this.#options.sip.send(again);
    if (code >= 300) this.#options.log.info({ to, code, reason }, 'a phone did not take a message');
  }

  /** Another edge wants it at a phone that is connected here. */
  async #forward(page: IncomingPage, place: PhonePlace): Promise<PageReply> {
    const again = this.#outgoing(page, page.to, place);
    if (again === undefined) return { code: 200, phrase: 'OK' };
    const { code, reason } = await this.#options.sip.send(again);
    return { code, phrase: reason };
  }

  /** The same for a phone; `undefined` for what says nothing to it. */
  #outgoing({ from, body }: IncomingPage, to: Aor, place: PhonePlace): PageToSend | undefined {
    const envelope = { from: { aor: from.uri, displayName: from.displayName || undefined }, to, place };
    switch (body.kind) {
      case 'message':
        return { ...body, ...envelope, at: body.at ?? this.#options.clock.now() };
      case 'disposition':
        return undefined;
      case 'composing':
        return { ...body, ...envelope };
    }
  }
}

function replyTo(answer: PageAnswer): PageReply {
  switch (answer.status) {
    case 'stored':
      return { code: 200, phrase: 'OK' };
    case 'away':
      return { code: 202, phrase: 'Accepted' };
    // Whoever was blocked is not told more than that nobody is there.
    case 'unknown':
    case 'blocked':
      return notFound;
    case 'expired':
      return gone;
    case 'forbidden':
      return forbidden;
    case 'limited':
      return tooMuch(answer.retryAfterS);
  }
}

const notFound: PageReply = { code: 404, phrase: 'Not Found' };
const gone: PageReply = { code: 410, phrase: 'Gone' };
const forbidden: PageReply = { code: 403, phrase: 'Forbidden' };
const tooMuch = (retryAfterS: number): PageReply => ({ code: 480, phrase: 'Too many messages', retryAfterS });
const unavailable: PageReply = {
  code: 503,
  phrase: 'Messages cannot be kept at the moment',
  retryAfterS: busyRetryAfterS,
};
