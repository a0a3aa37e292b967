/**
 * A REFER within a call (RFC 3515): we carry it out, and tell how far it is.
 *
 *     none --REFER--> 202, NOTIFY 100 --ringing--> NOTIFY 180 --answered or failed--> NOTIFY 200, 486 ... --> none
 */
import type { Core } from 'sip.js';
import { type EndCause, reasonText } from '../../call/end-cause.ts';
import type { TransferProgress, TransferTarget } from '../../call/transfer.ts';
import { wordsOf } from '../media/refused-description.ts';
import { placeholderContact } from '../transport/outgoing-text.ts';
import { parseReferTo, type ReferTarget } from './refer-target.ts';
import { type DialogsOfLegs, legWith } from './replaces.ts';

export interface ReferralOptions {
  readonly session: Core.Session;
  /** Sends on the way of the dialog. */
  readonly send: (work: () => void) => void;
  readonly dialogs: DialogsOfLegs;
  /** The phone is in a network that the operator trusts. */
  readonly isTrusted: () => boolean;
  readonly onAsked: (to: TransferTarget) => void;
  readonly note: (label: string, detail?: string) => void;
}

export class Referral {
  readonly #options: ReferralOptions;
  #event: string | undefined;
  #isSilent = false;
  #count = 0;
  #settled: Promise<void> = Promise.resolve();

  constructor(options: ReferralOptions) {
    this.#options = options;
  }

  /** Resolves when the phone knows how the last one went. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  received(request: Core.IncomingRequest): void {
    const { message } = request;
    const values = message.getHeaders('refer-to');
    const target = values.length === 1 ? parseReferTo(values[0] ?? '') : undefined;
    if (target === undefined)
      return void request.reject({ statusCode: 400, reasonPhrase: 'Needs one Refer-To with a sip URI' });
    if (this.#event !== undefined) return void request.reject({ statusCode: 491 });
    // RFC 4488 s. 4: who wants no reports says so.
    this.#isSilent = message.getHeader('refer-sub')?.trim().toLowerCase() === 'false';
    request.accept({
      statusCode: 202,
      extraHeaders: [
        `Contact: ${placeholderContact}`,
        ...(this.#isSilent ? ['Refer-Sub: false', 'Supported: norefersub'] : []),
      ],
    });
    // RFC 3515 s. 2.4.6: from the second one on they are told apart by the number of their REFER.
    this.#event = this.#count++ === 0 ? 'refer' : `refer;id=${message.cseq}`;
    this.#notify('SIP/2.0 100 Trying', `active;expires=${lifeS}`);
    this.#options.onAsked(this.#targetOf(target, message));
  }

  async tell(progress: TransferProgress): Promise<void> {
    if (this.#event === undefined) return;
    switch (progress.state) {
      case 'trying':
        return;
      case 'ringing':
        return this.#notify('SIP/2.0 180 Ringing', `active;expires=${lifeS}`);
      case 'accepted':
        this.#last('SIP/2.0 200 OK');
        break;
      case 'failed':
        this.#last(`SIP/2.0 ${failureText(progress.cause)}`);
    }
    await this.#settled;
  }

  #targetOf({ uri, host, replaces }: ReferTarget, message: Core.IncomingRequestMessage): TransferTarget {
    const { dialogs, session, isTrusted } = this.#options;
    const leg = replaces && legWith(replaces, dialogs);
    if (leg !== undefined) return { kind: 'leg', leg };
    const referredBy = message.getHeader('referred-by');
    const headers = [
      ...(replaces ? [{ name: 'Replaces', value: printed(replaces) }] : []),
      ...(referredBy ? [{ name: 'Referred-By', value: referredBy.slice(0, maxReferredByChars) }] : []),
    ];
    const mayLeave = isTrusted() || host.toLowerCase() === session.remoteURI.host.toLowerCase();
    return { kind: 'address', uri, headers, mayLeave };
  }

  #last(fragment: string): void {
    this.#settled = new Promise((resolve) => this.#notify(fragment, 'terminated;reason=noresource', resolve));
    this.#event = undefined;
  }

  #notify(fragment: string, state: string, done: () => void = () => undefined): void {
    const { session, send, note } = this.#options;
    if (this.#isSilent || this.#event === undefined) return done();
    const extraHeaders = [`Event: ${this.#event}`, `Subscription-State: ${state}`, `Contact: ${placeholderContact}`];
    const body = {
      contentDisposition: 'render',
      contentType: 'message/sipfrag;version=2.0',
      content: `${fragment}\r\n`,
    };
    try {
      send(() => session.notify({ onAccept: done, onReject: done, onRedirect: done }, { extraHeaders, body }));
    } catch (error) {
      note('NOTIFY not sent', wordsOf(error));
      done();
    }
  }
}

const printed = ({ callId, toTag, fromTag, isEarlyOnly }: NonNullable<ReferTarget['replaces']>): string =>
  `${callId};to-tag=${toTag};from-tag=${fromTag}${isEarlyOnly ? ';early-only' : ''}`;

/** A report of a failure has a failure's code, whatever ended the new call. */
const failureText = (cause: EndCause): string =>
  cause.code >= 300 ? reasonText(cause) : '480 Temporarily Unavailable';

/** How long the reports may go on, in s: longer than anybody lets a phone ring. */
const lifeS = 300;
const maxReferredByChars = 256;
