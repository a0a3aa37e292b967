import type { ElsewhereState } from '@sylk/protocol/edge/elsewhere.ts';
import type { PageAnswer } from '@sylk/protocol/edge/pages.ts';
import type { CallerAnswer, RegisterAnswer } from '@sylk/protocol/edge/phones.ts';
import type { ReportResults, RingAnswer } from '@sylk/protocol/edge/reports.ts';
import type { Aor, ConnectionId, EdgeId, SessionId, SessionKey } from '@sylk/protocol/ids.ts';
import { ringAnswerMs } from '@sylk/protocol/limits.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { Log } from '../ports/log.ts';
import type { PhoneClaim, PhoneRegistration } from '../ports/phone-accounts.ts';
import type { Signaling } from '../ports/signaling.ts';
import { type Delivery, Poster } from './poster.ts';
import type { Report, Reports } from './reports.ts';

type Deliver = (connection: ConnectionId, frame: string) => Promise<Delivery>;

export interface LinkedSignalingOptions {
  readonly reports: Reports;
  readonly edge: EdgeId;
  /** The life of the edge that asks now. */
  generation(): number;
  /** Resolves once it is known whether that life still goes on for signaling too. */
  isInCharge(generation: number): Promise<boolean>;
  readonly log: Log;
  /** Hands a frame to a browser by another way than the link; absent: by the link. */
  readonly deliver?: Deliver;
}

export type WrittenPage = Omit<Report<'page'>, 'kind' | 'edge' | 'generation'>;

/** The signaling server over the link. What only informs it never fails: it waits until the link is back. */
export class LinkedSignaling implements Signaling {
  readonly #options: LinkedSignalingOptions;
  readonly #poster: Poster;

  constructor(options: LinkedSignalingOptions) {
    this.#options = options;
    const { deliver = byLink(options.reports) } = options;
    const send = options.deliver === undefined ? deliver : this.#telling(deliver);
    this.#poster = new Poster(async (connection, { text, generation }) =>
      (await options.isInCharge(generation)) ? send(connection, text) : 'gone',
    );
  }

  post(connection: ConnectionId, frame: string): Promise<Delivery> {
    return this.#poster.post(connection, { text: frame, generation: this.#options.generation() });
  }

  /** Frames that wait for another way than the link, whose own are among its reports. */
  get waitingFrames(): number {
    return this.#options.deliver === undefined ? 0 : this.#poster.size;
  }

  ring(aor: Aor, session: SessionId, originator: SipIdentity, credentials?: string): Promise<RingAnswer> {
    const { reports, edge, generation } = this.#options;
    const report = { kind: 'ring', edge, generation: generation(), aor, session, originator, credentials } as const;
    return reports.send(report, { withinMs: ringAnswerMs });
  }

  bind(key: SessionKey, connection: ConnectionId, resume: string | undefined): Promise<void> {
    return this.#inform({ kind: 'bind', key, connection, resume });
  }

  ended(keys: readonly SessionKey[]): Promise<void> {
    return this.#inform({ kind: 'ended', generation: this.#options.generation(), keys });
  }

  missed(aor: Aor, originator: SipIdentity, at: number): Promise<void> {
    return this.#inform({ kind: 'missed', aor, originator, at });
  }

  /** @returns whether this edge has to look after the account any longer; waits until the link is there */
  elsewhere(aor: Aor, credentials: string, outcome: ElsewhereState): Promise<ReportResults['elsewhere']> {
    const { reports, edge, generation } = this.#options;
    return reports.send({ kind: 'elsewhere', edge, generation: generation(), aor, credentials, outcome });
  }

  register(registration: PhoneRegistration): Promise<RegisterAnswer> {
    const { reports, edge, generation } = this.#options;
    const report = { kind: 'register', edge, generation: generation(), ...registration } as const;
    return reports.send(report, { withinMs: ringAnswerMs });
  }

  caller(claim: PhoneClaim): Promise<CallerAnswer> {
    return this.#options.reports.send({ kind: 'caller', ...claim }, { withinMs: ringAnswerMs });
  }

  async mayDial(aor: Aor): Promise<boolean> {
    const { allowed } = await this.#options.reports.send({ kind: 'may-dial', aor }, { withinMs: ringAnswerMs });
    return allowed;
  }

  /** Something that was written by SIP: whether it is kept, and which phones get a copy. */
  page(page: WrittenPage): Promise<PageAnswer> {
    const { reports, edge, generation } = this.#options;
    return reports.send({ kind: 'page', edge, generation: generation(), ...page }, { withinMs: ringAnswerMs });
  }

  /** What became of a text that signaling had sent. */
  pageSent(outcome: Omit<Report<'page-sent'>, 'kind'>): Promise<void> {
    return this.#inform({ kind: 'page-sent', ...outcome });
  }

  /** By the link, signaling sees itself who is gone. */
  #telling(deliver: Deliver): Deliver {
    return async (connection, frame) => {
      const delivery = await deliver(connection, frame);
      if (delivery === 'gone') void this.#inform({ kind: 'gone', connection });
      return delivery;
    };
  }

  async #inform(
    report: Report<'bind'> | Report<'ended'> | Report<'missed'> | Report<'gone'> | Report<'page-sent'>,
  ): Promise<void> {
    try {
      await this.#options.reports.send(report);
    } catch (error) {
      this.#options.log.error({ report: report.kind, err: error }, 'a report did not reach signaling');
    }
  }
}

const byLink =
  (reports: Reports) =>
  async (connection: ConnectionId, frame: string): Promise<Delivery> => {
    const { gone } = await reports.send({ kind: 'post', connection, frame });
    return gone ? 'gone' : 'sent';
  };
