import { maxMessageContentBytes } from '@sylk/protocol/limits.ts';
import { toAor, withoutScheme } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import { Serial } from '../../call/serial.ts';
import { UnreadableBody } from '../../message/unreadable-body.ts';
import type { CallText, TextOutcome } from '../../ports/call-text.ts';
import type { PageReply, PageToSend } from '../../ports/sip-messages.ts';
import { wordsOf } from '../media/refused-description.ts';
import { answerPage } from '../pager/answer-page.ts';
import { readPage } from '../pager/page-body.ts';
import { pageContent } from '../pager/page-content.ts';
import { isOwn, notThisForm, outcomeOf, silent, unreached } from '../pager/page-outcome.ts';
import { peerName } from '../pager/peer-habits.ts';
import type { SipDialogOptions } from './dialog-options.ts';

export type DialogTextsOptions = Pick<
  SipDialogOptions,
  'session' | 'gateway' | 'path' | 'clock' | 'listener' | 'bodyOf' | 'habits'
>;

/** Messages of one call that wait for their answer at a time. */
const maxWaiting = 20;

/** MESSAGE within a dialog, both ways (RFC 3428 s. 4 and 7). */
export class DialogTexts {
  readonly #options: DialogTextsOptions;
  readonly #peer: string;
  /** RFC 3428 s. 8: one after the other. */
  readonly #serial = new Serial();
  #waiting = 0;

  constructor(options: DialogTextsOptions) {
    this.#options = options;
    this.#peer = peerName(options.session.remoteURI.toString());
  }

  /** The peer writes; it is answered what the other side says. */
  received(request: Core.IncomingRequest): void {
    const answer = (reply: PageReply) => this.#answer(request, reply);
    try {
      const text = this.#read(request.message);
      if (text === undefined) return answer({ code: 200, phrase: 'OK' });
      this.#options.listener.onWritten(text, ({ code, reason }) => answer({ code, phrase: reason }));
    } catch (error) {
      const code = error instanceof UnreadableBody ? error.code : 500;
      answer({ code, phrase: wordsOf(error) });
    }
  }

  /** Never rejects. */
  async send(text: CallText): Promise<TextOutcome> {
    if (this.#waiting >= maxWaiting) return { code: 503, reason: 'Too many messages at a time' };
    this.#waiting++;
    try {
      return await this.#serial.run(() => this.#sendInForm(text));
    } catch (error) {
      return { code: 481, reason: wordsOf(error) };
    } finally {
      this.#waiting--;
    }
  }

  #answer(request: Core.IncomingRequest, reply: PageReply): void {
    try {
      answerPage(request, reply);
    } catch (error) {
      this.#options.listener.note('MESSAGE not answered', wordsOf(error));
    }
  }

  /** @returns `undefined` for what is of no concern to the other side. @throws UnreadableBody */
  #read(message: Core.IncomingRequestMessage): CallText | undefined {
    const { bodyOf, clock, habits } = this.#options;
    const { body, hasEnvelope } = readPage(message, bodyOf(message) ?? Buffer.alloc(0));
    const { displayName: display_name } = message.from;
    const from = { uri: toAor(withoutScheme(message.from.uri.toString())), ...(display_name && { display_name }) };
    switch (body.kind) {
      case 'composing':
        return undefined;
      case 'disposition': {
        const { state } = body;
        return state === 'on-its-way' || state === 'failed' ? undefined : { ...body, state, from, at: clock.now() };
      }
      case 'message':
        if (Buffer.byteLength(body.content) > maxMessageContentBytes)
          throw new UnreadableBody(`The message is over ${maxMessageContentBytes} bytes`, { code: 413 });
        habits.writes(this.#peer, hasEnvelope ? 'cpim' : 'plain');
        return body.contentType.startsWith('text/pgp-') ? undefined : { at: clock.now(), ...body, from };
    }
  }

  /** As outside calls: in CPIM first, unless the peer is known not to read it. */
  async #sendInForm(text: CallText): Promise<TextOutcome> {
    const { habits } = this.#options;
    const first = habits.isPlain(this.#peer) ? 'plain' : 'cpim';
    const outcome = await this.#try(text, first);
    if (first === 'plain' || !notThisForm.has(outcome.code)) return outcome;
    const again = await this.#try(text, 'plain');
    if (!notThisForm.has(again.code)) habits.writes(this.#peer, 'plain');
    return again;
  }

  /** @throws Error when the dialog is over */
  async #try(text: CallText, form: 'plain' | 'cpim'): Promise<TextOutcome> {
    const { session, gateway, path, clock } = this.#options;
    const body = { contentDisposition: 'render', ...pageContent(this.#page(text), form, clock.now()) };
    const response = await new Promise<Core.IncomingResponseMessage>((resolve) => {
      const onAnswer = ({ message }: Core.IncomingResponse) => resolve(message);
      const delegate = { onAccept: onAnswer, onReject: onAnswer, onRedirect: onAnswer };
      gateway.within(path, () => session.message(delegate, { body }));
    });
    if (!isOwn(response)) return outcomeOf(response);
    return response.statusCode === 408 ? silent : unreached;
  }

  /** In the name that we have in this dialog, whoever it was that wrote. */
  #page({ from: { display_name }, ...text }: CallText): PageToSend {
    const aor = toAor(withoutScheme(this.#options.session.localURI.toString()));
    return { ...text, from: { aor, displayName: display_name ?? undefined }, to: this.#peer };
  }
}
