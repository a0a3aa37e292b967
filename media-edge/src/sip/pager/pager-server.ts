import { aor } from '@sylk/protocol/ids.ts';
import { busyRetryAfterS, maxMessageContentBytes } from '@sylk/protocol/limits.ts';
import { toAor, withoutScheme } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import { UnreadableBody } from '../../message/unreadable-body.ts';
import type { Log } from '../../ports/log.ts';
import type { IncomingPage, PageReply } from '../../ports/sip-messages.ts';
import type { PhoneInvite } from '../registrar/phones.ts';
import type { Registrations } from '../registration/registrations.ts';
import { answerPage } from './answer-page.ts';
import { isForPhonesOnly } from './for-phones-only.ts';
import { type PageRead, readPage } from './page-body.ts';
import { type PeerHabits, peerName } from './peer-habits.ts';

export interface PagerServerOptions {
  readonly core: Core.UserAgentCore;
  readonly log: Log;
  readonly habits: PeerHabits;
  /** The body as it came. */
  readonly bodyOf: (message: Core.IncomingRequestMessage) => Buffer | undefined;
  /** What is known of a message besides what it says. */
  readonly phoneOf: (message: Core.IncomingRequestMessage) => PhoneInvite;
  readonly registrations: Pick<Registrations, 'calledBy'>;
}

/** Messages that wait for signaling's word at a time. */
const maxWaiting = 1_000;

/** Takes MESSAGE requests outside calls (RFC 3428 s. 7). */
export class PagerServer {
  readonly #options: PagerServerOptions;
  #callback: ((page: IncomingPage) => Promise<PageReply>) | undefined;
  #waiting = 0;

  constructor(options: PagerServerOptions) {
    this.#options = options;
    options.core.delegate.onMessage = (request) => void this.#take(request);
  }

  onMessage(callback: (page: IncomingPage) => Promise<PageReply>): void {
    this.#callback = callback;
  }

  /** Never rejects. */
  async #take(request: Core.IncomingMessageRequest): Promise<void> {
    const reply = await this.#replyTo(request.message);
    try {
      answerPage(request, reply);
    } catch (error) {
      this.#options.log.debug({ err: error }, 'whoever sent a message is gone');
    }
  }

  async #replyTo(message: Core.IncomingRequestMessage): Promise<PageReply> {
    const callback = this.#callback;
    if (callback === undefined) return { code: 405, phrase: 'Messages are not offered here' };
    if (isForPhonesOnly(message) && this.#options.phoneOf(message).toFlow === undefined) return loop;
    if (this.#waiting >= maxWaiting) return busy;
    this.#waiting++;
    try {
      return await callback(this.#read(message));
    } catch (error) {
      if (error instanceof UnreadableBody) return { code: error.code, phrase: error.message };
      this.#options.log.error({ callId: message.callId, err: error }, 'a SIP message could not be taken');
      return { code: 500, phrase: 'Server Internal Error' };
    } finally {
      this.#waiting--;
    }
  }

  /** @throws UnreadableBody */
  #read(message: Core.IncomingRequestMessage): IncomingPage {
    const { bodyOf, phoneOf, registrations } = this.#options;
    const { from, ruri } = message;
    if (!/^sips?$/.test(from.uri.scheme) || !from.uri.user) throw new UnreadableBody('The sender has no SIP address');
    const read = readPage(message, bodyOf(message) ?? Buffer.alloc(0));
    if (read.body.kind === 'message' && Buffer.byteLength(read.body.content) > maxMessageContentBytes)
      throw new UnreadableBody(`The message is over ${maxMessageContentBytes} bytes`, { code: 413 });
    const uri = toAor(withoutScheme(from.uri.toString()));
    if (read.body.kind === 'message')
      this.#options.habits.writes(peerName(from.uri.toString()), read.hasEnvelope ? 'cpim' : 'plain');
    const { claim, toFlow } = phoneOf(message);
    const contact = ruri?.toRaw() ?? '';
    return {
      from: { uri, displayName: from.displayName || nameIn(read, uri) },
      to: aor(`${ruri?.user ?? ''}@${ruri?.host.toLowerCase() ?? ''}`),
      account: registrations.calledBy(ruri?.user ?? ''),
      caller: claim,
      phone: toFlow === undefined ? undefined : { key: '', contact, q: 1000, path: [toFlow] },
      body: read.body,
    };
  }
}

/** The envelope may name its sender; it may not be somebody else than who sent the request. */
const nameIn = ({ sender }: PageRead, from: string): string =>
  sender?.displayName !== undefined && toAor(sender.uri.replace(/^(?:im|pres|sips?):/i, '')) === from
    ? sender.displayName.replace(/[\x00-\x1f\x7f]/g, ' ').slice(0, 255)
    : '';

const loop: PageReply = { code: 482, phrase: 'Loop Detected' };
const busy: PageReply = { code: 503, phrase: 'Messages are not taken at the moment', retryAfterS: busyRetryAfterS };
