import { randomBytes } from 'node:crypto';
import { parseSipAddress, type SipAddress } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import { parseMediaType } from '../../message/mime-headers.ts';
import type { PageOutcome, PageToSend } from '../../ports/sip-messages.ts';
import type { FindWay, Way } from '../dial/way-finder.ts';
import { safePhrase } from '../headers/reason-header.ts';
import type { LegContext } from '../leg-context.ts';
import { wordsOf } from '../media/refused-description.ts';
import { newTag } from '../message/tags.ts';
import type { ProviderLine } from '../registration/registrations.ts';
import { isSipsUri } from '../transport/outgoing-text.ts';
import { Unresolvable } from '../transport/unresolvable.ts';
import { forPhonesOnly } from './for-phones-only.ts';
import { pageContent } from './page-content.ts';
import { isOwn, notThisForm, outcomeOf, silent, unreached } from './page-outcome.ts';
import { pageRequest } from './page-request.ts';
import { type PeerHabits, peerName } from './peer-habits.ts';

export interface PagerClientOptions
  extends Pick<LegContext, 'gateway' | 'clock' | 'timers' | 'log' | 'networks' | 'reach' | 'lineOf' | 'openPath'> {
  readonly habits: PeerHabits;
  /** The way to a phone of ours, or to anybody else. */
  readonly findWay: (page: PageToSend) => FindWay;
}

/** Messages that wait for their answer at a time. */
const maxWaiting = 2_000;

/** One message on its way, and where that is. */
interface Sending {
  readonly page: PageToSend;
  readonly to: SipAddress;
  readonly line: ProviderLine | undefined;
  readonly way: Way;
}

/** Sends MESSAGE requests (RFC 3428 s. 5). */
export class PagerClient {
  readonly #options: PagerClientOptions;
  #waiting = 0;

  constructor(options: PagerClientOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async send(page: PageToSend): Promise<PageOutcome> {
    if (this.#waiting >= maxWaiting) return { code: 503, reason: 'Too many messages at a time' };
    this.#waiting++;
    try {
      return await this.#sendInForm(page);
    } catch (error) {
      if (error instanceof Unresolvable) return { code: error.code, reason: safePhrase(error.message) };
      this.#options.log.error({ err: error }, 'a message could not be sent');
      return { code: 500, reason: safePhrase(wordsOf(error)) };
    } finally {
      this.#waiting--;
    }
  }

  async #sendInForm(page: PageToSend): Promise<PageOutcome> {
    const { habits, reach, networks } = this.#options;
    const to = parseSipAddress(page.to);
    if (to?.user === undefined) return { code: 484, reason: 'Not an address, expected user@domain' };
    if (page.kind === 'message' && !isMediaType(page.contentType)) return { code: 415, reason: 'Not a content type' };
    const peer = peerOf(page);
    if (page.kind === 'composing' && habits.isDeafToTyping(peer)) return { code: 415, reason: 'Takes no such notices' };
    const sending = await this.#begin(page, to);
    const isNear = sending.way.targets.some(({ address }) => networks.isTrusted(address));
    if (isNear && reach.isBarred(page.from.aor)) return { code: 403, reason: 'Too many messages have reached nobody' };
    return this.#inTurn(sending, peer);
  }

  async #begin(page: PageToSend, to: SipAddress): Promise<Sending> {
    const line = this.#options.lineOf(page.from.aor);
    const way = await this.#options.findWay(page)(to, isSipsUri(page.to), line?.routes);
    return { page, to, line, way };
  }

  /** First in CPIM, unless the peer is known not to read it; it may also say so now. */
  async #inTurn(sending: Sending, peer: string): Promise<PageOutcome> {
    const { habits } = this.#options;
    const { page } = sending;
    const first = habits.isPlain(peer) || page.kind === 'composing' ? 'plain' : 'cpim';
    const outcome = await this.#try(sending, first);
    if (!notThisForm.has(outcome.code)) return outcome;
    if (page.kind === 'composing') habits.refusesTyping(peer);
    if (first === 'plain') return outcome;
    const again = await this.#try(sending, 'plain');
    if (!notThisForm.has(again.code)) habits.writes(peer, 'plain');
    return again;
  }

  async #try(sending: Sending, form: 'plain' | 'cpim'): Promise<PageOutcome> {
    const { gateway, clock, openPath, timers } = this.#options;
    const { page, to, line, way } = sending;
    const callId = callIdOf(page, form);
    const request = pageRequest(gateway.core, {
      ...page,
      to,
      isSips: isSipsUri(page.to),
      identity: line?.identity,
      route: way.route,
      headers: [...(line?.headers ?? []), ...(page.place === undefined ? [] : [forPhonesOnly])],
      callId,
      fromTag: newTag(),
      cseq: 1,
      body: pageContent(page, form, clock.now()),
    });
    // A phone is where its flow is; all others are found by their name, and there may be several servers.
    const target = page.place === undefined ? undefined : way.targets[0];
    const path = openPath({ callId, contactUser: undefined, ...(target === undefined ? {} : { target }) });
    const beganAt = clock.now();
    const takeBack = line === undefined ? undefined : gateway.proofs.give(callId, line.prove);
    const response = await new Promise<Core.IncomingResponseMessage>((resolve) => {
      const onAnswer = ({ message }: Core.IncomingResponse) => resolve(message);
      const delegate = { onAccept: onAnswer, onReject: onAnswer, onRedirect: onAnswer };
      gateway.within(path, () => gateway.core.message(request, delegate));
    });
    takeBack?.();
    if (!isOwn(response)) return outcomeOf(response);
    await this.#veil(sending, beganAt + timers.unreachedMs);
    return response.statusCode === 408 ? silent : unreached;
  }

  /** Nobody may find out by our answer, or by its time, which ports of the operator's networks are open. */
  async #veil({ page, way }: Sending, until: number): Promise<void> {
    const { networks, reach, clock } = this.#options;
    const near = way.targets.filter(({ address }) => networks.isTrusted(address));
    if (near.length === 0) return;
    reach.note(page.from.aor);
    const leftMs = until - clock.now();
    if (leftMs > 0 && near.some(({ protocol }) => protocol !== 'UDP'))
      await new Promise<void>((resolve) => clock.after(leftMs, resolve));
  }
}

/** Under which a peer's habits are kept. */
const peerOf = ({ place, to }: Pick<PageToSend, 'place' | 'to'>): string => peerName(place?.contact ?? to);

/** One line, as it becomes a header. */
const isMediaType = (text: string): boolean => /^[\x20-\x7e]{3,255}$/.test(text) && parseMediaType(text) !== undefined;

/**
 * Phones without CPIM name a message by its Call-ID in what they report of it: so that is its id, where that can be.
 * One that refuses CPIM may report that as well, which says nothing about the message: it follows as plain text.
 */
const callIdOf = (page: PageToSend, form: 'plain' | 'cpim'): string =>
  page.kind === 'message' && form === 'plain' && /^[\w.!%*+`'~-]{1,200}$/.test(page.id)
    ? page.id
    : randomBytes(16).toString('hex');
