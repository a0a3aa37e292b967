import { setTimeout as sleep } from 'node:timers/promises';
import { WebRtcClient } from '../bench/load/webrtc-client.ts';
import { type ProbeAccount, type ProbeCall, ProbeClient } from '../probe/probe-client.ts';
import type { Cloud } from './cloud.ts';
import type { CloudEdge } from './edge.ts';

const echo = 'echo@example.org';

/** Of the 50 packets of a second so many must come. */
const enoughPackets = 25;

/** Somebody with a page, and with a call that has sound both ways. */
export class Talker {
  readonly client: ProbeClient;
  readonly account: ProbeAccount;
  media = new WebRtcClient();
  call: ProbeCall = { session: '', secret: '' };

  private constructor(cloud: Cloud, account: ProbeAccount) {
    this.client = new ProbeClient(cloud.origin);
    this.account = account;
  }

  static async signedIn(cloud: Cloud): Promise<Talker> {
    const talker = new Talker(cloud, await cloud.mint());
    await talker.client.signIn(talker.account);
    return talker;
  }

  static async inCall(cloud: Cloud): Promise<Talker> {
    const talker = await Talker.signedIn(cloud);
    await talker.callsEcho();
    return talker;
  }

  /** @param session id of the call; a new one if absent */
  async callsEcho(session?: string): Promise<void> {
    await this.media.close();
    this.media = new WebRtcClient();
    this.call = await this.client.call(echo, await this.media.offer(), session);
    await this.media.accept(String((await this.client.reaches(this.call, 'accepted')).sdp));
    await this.media.firstPacket;
  }

  /** @returns the id of the call that rings at the other */
  async rings(other: Talker): Promise<string> {
    this.call = await this.client.call(other.account.address, await this.media.offer());
    const { session } = await other.client.seen(({ event }) => event === 'incoming-session');
    return String(session);
  }

  /** Whether sound comes back, listening for a second. */
  async hears(): Promise<boolean> {
    const before = this.media.received;
    await sleep(1_000);
    return this.media.received - before > enoughPackets;
  }

  async hangUp(): Promise<void> {
    await this.client.ask({ sylkrtc: 'session-terminate', session: this.call.session });
    await this.client.reaches(this.call, 'terminated');
  }

  async close(): Promise<void> {
    this.client.close();
    await this.media.close();
  }
}

/** The edge at which this session was placed last. */
export const edgeOf = (cloud: Cloud, session: string): CloudEdge => {
  const isPlacing = (line: string) => /a session was claimed|a call came for an account/.test(line);
  const line = cloud.log.findLast((text) => text.includes(session) && isPlacing(text)) ?? '';
  const name = /"edgeId":"([^"]+)"/.exec(line)?.[1] ?? 'none';
  const edge = cloud.edges.find((one) => one.name === name);
  if (edge === undefined) throw new Error(`no edge has the session ${session}: ${line}`);
  return edge;
};
