/** Counts what each step costs, on the emulated cloud: the real functions, edge and store adapter. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@sylk/protocol/json.ts';
import { WebRtcClient } from '../bench/load/webrtc-client.ts';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import { type ProbeCall, ProbeClient } from '../probe/probe-client.ts';
import { type Counted, type Counts, combine } from './counts.ts';

/** Leases are renewed beside every step. Of so many tries some are alone, and those are the cheapest. */
const tries = 9;
/** What a step causes is over by then, in ms. */
const settleMs = 400;

/** @throws Error with the log of the cloud when a step fails */
export const countAll = async (): Promise<Counted> => {
  // Nothing by the clock: the schedule's minute never ends.
  const cloud = await startCloud({ secondsScale: 1_000 });
  const people: SignedIn[] = [];
  try {
    const [alice, bob] = [await SignedIn.on(cloud), await SignedIn.on(cloud)];
    people.push(alice, bob);
    const callOut = await leastOf(cloud, () => alice.callsEcho());
    // The other way round, because a person may place only so many calls a minute.
    const between = await leastOf(cloud, () => bob.calls(alice));
    const ping = await leastOf(cloud, () => alice.pings());
    const renewal = await countRenewal(cloud);
    const connect = await leastOf(cloud, () => alice.opensAnotherPage());
    const callIn = combine(between, callOut, (both, out) => both - out);
    return { connect, callOut, callIn, ping, renewal };
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : cause}; ${cloud.about()}`, { cause });
  } finally {
    for (const person of people) person.close();
    await cloud.stop();
  }
};

/** A person with a page that is signed in. */
class SignedIn {
  readonly #cloud: Cloud;
  readonly #account: { readonly address: string; readonly password: string };
  readonly #page: ProbeClient;
  readonly #answered = new Set<unknown>();

  private constructor(cloud: Cloud, account: { address: string; password: string }) {
    this.#cloud = cloud;
    this.#account = account;
    this.#page = new ProbeClient(cloud.origin);
  }

  static async on(cloud: Cloud): Promise<SignedIn> {
    const person = new SignedIn(cloud, await cloud.mint());
    await person.#page.seen(({ sylkrtc }) => sylkrtc === 'ready-event');
    await person.#page.signIn(person.#account);
    return person;
  }

  async opensAnotherPage(): Promise<void> {
    const page = new ProbeClient(this.#cloud.origin);
    await page.seen(({ sylkrtc }) => sylkrtc === 'ready-event');
    await page.signIn(this.#account);
    // Its end belongs to it as well.
    page.close();
  }

  pings(): Promise<void> {
    return this.#page.ask({ sylkrtc: 'ping' });
  }

  async callsEcho(): Promise<void> {
    const domain = this.#account.address.split('@')[1];
    const media = new WebRtcClient();
    const call = await this.#page.call(`echo@${domain}`, await media.offer());
    const { sdp } = await this.#page.reaches(call, 'accepted');
    await media.accept(String(sdp));
    await this.#page.reaches(call, 'established');
    await this.#hangsUp(call);
    await media.close();
  }

  async calls(other: SignedIn): Promise<void> {
    const [near, far] = [new WebRtcClient(), new WebRtcClient()];
    const call = await this.#page.call(other.#account.address, await near.offer());
    const incoming = await other.#page.seen((frame) => isIncoming(frame) && !other.#answered.has(frame.session));
    const session = String(incoming.session);
    other.#answered.add(session);
    await other.#page.ask({ sylkrtc: 'session-ringing', session });
    const answer = { sdp: await far.answer(String(incoming.sdp)), resume: randomUUID() };
    await other.#page.ask({ sylkrtc: 'session-answer', session, ...answer });
    const { sdp } = await this.#page.reaches(call, 'accepted');
    await near.accept(String(sdp));
    await this.#page.reaches(call, 'established');
    await this.#hangsUp(call);
    await other.#hasTheEnd(session);
    await Promise.all([near.close(), far.close()]);
  }

  async #hangsUp({ session }: ProbeCall): Promise<void> {
    await this.#page.ask({ sylkrtc: 'session-terminate', session });
    await this.#hasTheEnd(session);
  }

  /** And says so: until then the gateway keeps the call for it. */
  async #hasTheEnd(session: string): Promise<void> {
    const { seq } = await this.#page.reaches({ session }, 'terminated');
    await this.#page.ask({ sylkrtc: 'session-ack', session, seq });
  }

  close(): void {
    this.#page.close();
  }
}

const isIncoming = ({ event }: JsonObject): boolean => event === 'incoming-session';

const leastOf = async (cloud: Cloud, step: () => Promise<void>): Promise<Counts> => {
  // The first one finds functions and connections cold.
  await step();
  let least: Counts | undefined;
  for (let index = 0; index < tries; index++) {
    await sleep(settleMs);
    const before = soFar(cloud);
    await step();
    await sleep(settleMs);
    const taken = combine(soFar(cloud), before, (now, then) => now - then);
    least = least === undefined ? taken : combine(least, taken, Math.min);
  }
  return least ?? soFar(cloud);
};

/** While nothing else happens: what came in from the edges was renewals. */
const countRenewal = async (cloud: Cloud): Promise<Counts> => {
  await sleep(settleMs);
  const [before, came] = [soFar(cloud), cloud.edgeApi.counts.messagesIn];
  while (cloud.edgeApi.counts.messagesIn < came + 4) await sleep(20);
  await sleep(settleMs);
  const renewals = cloud.edgeApi.counts.messagesIn - came;
  return combine(soFar(cloud), before, (now, then) => (now - then) / renewals);
};

const writing = /^(Put|Update|Delete|BatchWrite)/;

const soFar = ({ table, functions, browserApi, edgeApi }: Cloud): Counts => {
  const operations = Object.entries(table.counts);
  const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
  const apis = [browserApi.counts, edgeApi.counts];
  return {
    storeReads: sum(operations.filter(([name]) => !writing.test(name)).map(([, count]) => count)),
    storeWrites: sum(operations.filter(([name]) => writing.test(name)).map(([, count]) => count)),
    lambdaCalls: sum(Object.values(functions.runs)),
    messages: sum(apis.map(({ messagesIn, messagesOut }) => messagesIn + messagesOut)),
    bytes: sum(apis.map(({ bytesIn, bytesOut }) => bytesIn + bytesOut)),
  };
};
