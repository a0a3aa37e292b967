/** For the tests of the table of sessions: its surroundings, and a far side that does what it is asked. */
import { aor, connectionId, deviceId } from '@sylk/protocol/ids.ts';
import type { SessionCreate, SessionRequest } from '@sylk/protocol/sylkrtc/requests.ts';
import { silentLog } from '../../media-edge/src/ports/log.ts';
import type { BrowserSession } from '../../media-edge/src/session/browser-session.ts';
import type { SessionAct } from '../../media-edge/src/session/messages.ts';
import { type Opening, Sessions } from '../../media-edge/src/session/sessions.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeSignaling } from './fake-signaling.ts';

export const alice = aor('alice@sylk.test');
export const at = (connection: string, epoch = 0) => ({
  connection: connectionId(connection),
  device: deviceId('d1'),
  aor: alice,
  epoch,
  headerPrefixes: [],
});
export const c1 = connectionId('c1');
export const offer = 'v=0\r\na=setup:actpass\r\n';
export const ids = (transaction: string) => ({ session: 's1', transaction });
export const create = (transaction = 'create', resume?: string): SessionCreate => ({
  sylkrtc: 'session-create',
  ...ids(transaction),
  account: alice,
  uri: 'bob@elsewhere.example',
  sdp: offer,
  resume,
});
export const terminate = (transaction = 'terminate'): SessionRequest => ({
  sylkrtc: 'session-terminate',
  ...ids(transaction),
});
export const trickle = (transaction = 'trickle'): SessionRequest => ({
  sylkrtc: 'session-trickle',
  ...ids(transaction),
  candidates: [],
});
export const digit = (transaction = 'digit'): SessionRequest => ({
  sylkrtc: 'session-dtmf-info',
  ...ids(transaction),
  digit: '5',
});
export const update = (transaction = 'update'): SessionRequest => ({
  sylkrtc: 'session-update',
  ...ids(transaction),
  sdp: offer,
});

/** The table with a far side that does what it is asked, and remembers it. */
export class Bench {
  readonly clock = new FakeClock();
  readonly signaling = new FakeSignaling();
  readonly acts: SessionAct[] = [];
  dialled = 0;
  refuseWith: string | undefined;
  session: BrowserSession | undefined;
  readonly sessions = new Sessions({
    clock: this.clock,
    signaling: this.signaling,
    log: silentLog,
    trace: () => undefined,
    open: (session) => this.#open(session),
  });

  async #open(session: BrowserSession): Promise<Opening> {
    await settle();
    if (this.refuseWith !== undefined) return { ok: false, error: this.refuseWith };
    this.session = session;
    const begin = () => {
      this.dialled += 1;
      session.tell({ kind: 'progress' });
    };
    return { ok: true, media: { problemIn: () => undefined, act: (act) => this.#act(session, act) }, begin };
  }

  #act(session: BrowserSession, act: SessionAct): void {
    this.acts.push(act);
    if (act.kind === 'hangUp') session.tell({ kind: 'ended', reason: '200 OK' });
    if (act.kind === 'offer') session.tell({ kind: 'updateAnswered', sdp: 'answer' });
  }
}
