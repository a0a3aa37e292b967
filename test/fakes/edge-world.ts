import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import { aor, connectionId, deviceId } from '@sylk/protocol/ids.ts';
import type { IncomingSessionEvent } from '@sylk/protocol/sylkrtc/events/account.ts';
import type { SessionRequest, SessionResume } from '@sylk/protocol/sylkrtc/requests.ts';
import { type CallLimits, EdgeSeats } from '../../media-edge/src/exchange/call-seats.ts';
import { Exchange } from '../../media-edge/src/exchange/exchange.ts';
import { Ladders } from '../../media-edge/src/ladder/ladders.ts';
import { silentLog } from '../../media-edge/src/ports/log.ts';
import { fixture } from '../../media-edge/src/sdp/fixtures.ts';
import { Sessions } from '../../media-edge/src/session/sessions.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeSfu, type FakeSfuOptions } from './fake-sfu.ts';
import { FakeSignaling } from './fake-signaling.ts';
import { FakeSipEndpoint } from './fake-sip-endpoint.ts';

type Asked = SessionRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'transaction'>
    : never
  : never;

/** The answer as recorded, fitted to this offer: its mids, the audio formats that were offered, VP8 for video. */
export function answerTo(offer: string, name: string): string {
  const mids = [...offer.matchAll(/^a=mid:(\S+)/gm)].map(([, mid = '']) => mid);
  const audio = new Set(/^m=audio \d+ \S+ (.*)$/m.exec(offer)?.[1]?.trim().split(' '));
  return fixture(name)
    .replace(/^a=group:BUNDLE .*$/m, `a=group:BUNDLE ${mids.join(' ')}`)
    .replace(/^a=mid:(\d)/gm, (_, index: string) => `a=mid:${mids[Number(index)] ?? ''}`)
    .replace(/^(m=audio \d+ \S+) (.*)$/gm, (_, head: string, list: string) => `${head} ${kept(list, audio)}`)
    .replace(/^(m=video \d+ \S+) .*$/gm, '$1 96');
}

const kept = (list: string, formats: ReadonlySet<string>): string =>
  list
    .trim()
    .split(' ')
    .filter((format) => formats.has(format))
    .join(' ');

/** A whole edge with fakes at its far ends: no sockets, no media, no time but the test's. */
export class EdgeWorld {
  readonly clock = new FakeClock();
  readonly signaling = new FakeSignaling();
  readonly sip = new FakeSipEndpoint();
  readonly sfu: FakeSfu;
  readonly counts = { began: 0, answered: 0, ended: 0 };
  readonly sessions: Sessions;
  readonly exchange: Exchange;
  readonly #attached = new Map<string, Attachment>();
  #transactions = 0;
  hasLease = true;

  constructor(options: FakeSfuOptions = {}, limits: Partial<CallLimits> = {}) {
    this.sfu = new FakeSfu(options);
    const { clock, signaling } = this;
    this.sessions = new Sessions({
      clock,
      signaling,
      log: silentLog,
      open: (session, request) => this.exchange.open(session, request),
      trace: (...entry) => this.exchange.trace(...entry),
    });
    this.exchange = new Exchange({
      clock,
      signaling,
      log: silentLog,
      sfu: this.sfu,
      sip: this.sip,
      sessions: this.sessions,
      ladders: new Ladders(clock),
      own: () => ({ domain: 'sylk.test', aliases: [], sipPort: 5060 }),
      hasLease: () => this.hasLease,
      seats: new EdgeSeats(clock, { perAccount: 20, perEdge: 1_000, longestMs: 86_400_000, ...limits }),
      observer: {
        began: () => void this.counts.began++,
        answered: () => void this.counts.answered++,
        ended: () => void this.counts.ended++,
      },
    });
  }

  /** Somebody signs in: `alice` on device `d-alice`, connection `alice`. A stock client has no device of its own. */
  signsIn(name: string, fields: Partial<Attachment> & { account?: string } = {}): Attachment {
    const attachment = {
      connection: connectionId(name),
      device: deviceId(`d-${name}`),
      aor: aor(`${fields.account ?? name}@sylk.test`),
      epoch: 1,
      headerPrefixes: [],
      ...fields,
      account: undefined,
    };
    this.#attached.set(name, attachment);
    const others = this.signaling.answers.get(attachment.aor);
    const devices = others?.status === 'ringing' ? others.devices : [];
    this.signaling.answers.set(attachment.aor, { status: 'ringing', devices: [...devices, attachment] });
    return attachment;
  }

  /** A request of somebody who has signed in. @returns its transaction */
  async asks(name: string, asked: Asked): Promise<string> {
    const transaction = `${name}-${++this.#transactions}`;
    this.sessions.request(this.#of(name), { ...asked, transaction });
    await settle();
    return transaction;
  }

  async resumes(
    name: string,
    connection: string,
    fields: Pick<SessionResume, 'session' | 'last_event' | 'sdp'>,
  ): Promise<void> {
    const attachment = { ...this.#of(name), connection: connectionId(connection), epoch: this.#of(name).epoch + 1 };
    this.#attached.set(name, attachment);
    const transaction = `${name}-${++this.#transactions}`;
    this.sessions.resume(attachment, {
      sylkrtc: 'session-resume',
      transaction,
      account: attachment.aor,
      secret: 'x'.repeat(22),
      ...fields,
    });
    await settle();
  }

  /** Alice, or whoever, calls; her session is `s-<name>`. */
  calls(name: string, uri: string, offer = 'chromium-av-offer', resume?: string): Promise<string> {
    return this.asks(name, {
      sylkrtc: 'session-create',
      session: `s-${name}`,
      account: this.#of(name).aor,
      uri,
      sdp: fixture(offer),
      resume,
    });
  }

  /** Takes the call that rings at somebody's device. */
  answers(name: string, answer = 'chromium-av-answer', resume?: string): Promise<string> {
    const { session, sdp } = this.ringing(name);
    return this.asks(name, { sylkrtc: 'session-answer', session, sdp: answerTo(sdp, answer), resume });
  }

  hangsUp(name: string, session = `s-${name}`, code?: number): Promise<string> {
    return this.asks(name, { sylkrtc: 'session-terminate', session, code });
  }

  /** What somebody got, in short. */
  saw(name: string): readonly string[] {
    return this.signaling.shortOf(this.#of(name).connection);
  }

  /** The last call that rang at somebody's device. */
  ringing(name: string): IncomingSessionEvent {
    const event = this.signaling
      .of(this.#of(name).connection)
      .findLast((message) => message.sylkrtc === 'account-event' && message.event === 'incoming-session');
    if (event?.sylkrtc !== 'account-event' || event.event !== 'incoming-session')
      throw new Error(`nothing rings at ${name}`);
    return event;
  }

  #of(name: string): Attachment {
    const attachment = this.#attached.get(name);
    if (!attachment) throw new Error(`${name} has not signed in`);
    return attachment;
  }
}

/** The reason with which somebody's last call ended. */
export function reasonAt(world: EdgeWorld, name: string): string | undefined {
  const ended = world.signaling
    .of(connectionId(name))
    .findLast((message) => 'state' in message && message.state === 'terminated');
  return ended && 'reason' in ended ? String(ended.reason) : undefined;
}
