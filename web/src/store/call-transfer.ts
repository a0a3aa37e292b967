import type { Call } from '../client/call.ts';
import { causeSentence } from './cause-sentence.ts';
import type { StoreMessages } from './messages/en.ts';
import { Sentence } from './sentence.ts';
import type { TransferView } from './snapshot.ts';

/** Who takes a call over: an address, or the other side of another answered call. */
type NewPartner = string | { readonly who: string; readonly call: Call };

/** Handing the far side of a call on, as the page shows it. */
export class CallTransfer {
  readonly #call: Call;
  readonly #messages: StoreMessages;
  readonly #show: (view: TransferView | undefined) => void;
  #view: TransferView | undefined;

  constructor(call: Call, messages: StoreMessages, show: (view: TransferView | undefined) => void) {
    this.#call = call;
    this.#messages = messages;
    this.#show = show;
    call.on('transfer', ({ state, reason }) => this.#goesOn(state, reason));
  }

  /**
   * What comes of it is shown.
   *
   * @throws Sentence when the gateway does not even try
   */
  async begin(to: NewPartner): Promise<void> {
    const isAddress = typeof to === 'string';
    this.#tell({ to: isAddress ? to.replace(/^(sips?|xmpp):/i, '') : to.who, phase: 'trying' });
    const { ok } = await this.#call.transfer(isAddress ? to : to.call);
    if (ok) return;
    this.#tell(undefined);
    const { displayName, uri } = this.#call.remoteIdentity;
    throw new Sentence(this.#messages.error.transferRefused({ who: displayName || uri }));
  }

  /** Its failure has been read. */
  dismiss(): void {
    this.#tell(undefined);
  }

  #goesOn(state: 'trying' | 'ringing' | 'accepted' | 'failed', reason = ''): void {
    const { to = '', phase } = this.#view ?? {};
    // After `accepted` the call ends here, with a cause of its own.
    if (state === 'accepted') return;
    if (state !== 'failed') return this.#tell({ to, phase: state });
    const subject = { who: to, address: to, domain: to.split('@').at(-1) ?? to };
    const hasRung = phase === 'ringing';
    const failure = { reason, direction: 'outgoing', wasEstablished: false, hasRung, isByMe: false, subject } as const;
    this.#tell({ to, phase: 'failed', sentence: causeSentence(failure, this.#messages).sentence });
  }

  #tell(view: TransferView | undefined): void {
    this.#view = view;
    this.#show(view);
  }
}
