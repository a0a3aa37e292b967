/** Counts what each step costs, on the emulated cloud: the real functions, edge and store adapter. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@sylk/protocol/json.ts';
import { WebRtcClient } from '../bench/load/webrtc-client.ts';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import { at, textAt } from '../cloud/json-path.ts';
import { type ProbeCall, ProbeClient } from '../probe/probe-client.ts';
import { type Counted, type Counts, combine, nothing } from './counts.ts';

/** A step is counted so often, and must cost the same each time. */
const tries = 3;
/** So many renewals are counted. */
const fewRenewals = 4;
const patienceMs = 30_000;

/** @throws Error with the log of the cloud when a step fails, or costs more one time than another */
export const countAll = async (): Promise<Counted> => {
  // Nothing by the clock: the schedule's minute never ends.
  const cloud = await startCloud({ secondsScale: 1_000 });
  const people: SignedIn[] = [];
  try {
    const [alice, bob] = [await SignedIn.on(cloud), await SignedIn.on(cloud)];
    people.push(alice, bob);
    const count = (step: () => Promise<unknown>) => countStep(cloud, people.length, step);
    const callOut = await count(() => alice.callsEcho());
    const between = await count(() => bob.calls(alice));
    const message = await count(() => bob.writes(alice));
    const read = await count(async () => alice.hasRead(bob, await bob.writes(alice)));
    const receipt = combine(read, message, (both, text) => both - text);
    const ping = await count(() => alice.pings());
    const connect = await count(() => alice.opensAnotherPage());
    const callIn = combine(between, callOut, (both, out) => both - out);
    return { connect, callOut, callIn, message, receipt, ping, renewal: await countRenewal(cloud) };
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

  /** @returns the id of the text, when it has arrived and its writer knows */
  async writes(other: SignedIn): Promise<string> {
    const id = randomUUID();
    const text = { content: 'Good morning', content_type: 'text/plain', timestamp: new Date().toISOString() };
    const [account, uri] = [this.#account.address, other.#account.address];
    await this.#page.ask({ sylkrtc: 'account-message', account, uri, message_id: id, ...text });
    await other.#page.seen(({ event, message_id }) => event === 'message' && message_id === id);
    await this.#hears(id, 'accepted');
    return id;
  }

  async hasRead(other: SignedIn, id: string): Promise<void> {
    const [account, uri] = [this.#account.address, other.#account.address];
    const receipt = { message_id: id, state: 'displayed', timestamp: new Date().toISOString() };
    await this.#page.ask({ sylkrtc: 'account-disposition-notification', account, uri, ...receipt });
    await other.#hears(id, 'displayed');
  }

  async #hears(id: string, of: string): Promise<void> {
    await this.#page.seen(({ message_id, state }) => message_id === id && state === of);
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
    // On both sides: a call that ends before it is up on one of them costs less.
    await Promise.all([this.#page.reaches(call, 'established'), other.#page.reaches({ session }, 'established')]);
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

/** @param pages that stay open */
const countStep = async (cloud: Cloud, pages: number, step: () => Promise<unknown>): Promise<Counts> => {
  const counted: Counts[] = [];
  let minute = Number.NaN;
  // The first one finds functions and connections cold, and the first one of a minute has its quota to itself.
  for (let isCold = true; isCold || counted.length < tries; isCold = minute !== thisMinute()) {
    if (isCold) counted.splice(0);
    minute = thisMinute();
    const before = cloud.ledger.steps;
    await step();
    await settled(cloud, pages);
    if (!isCold) counted.push(combine(cloud.ledger.steps, before, (now, then) => now - then));
  }
  const [first = nothing, ...others] = counted;
  if (others.every((other) => isAsDear(first, other))) return first;
  throw new Error(`a step does not always cost the same: ${JSON.stringify(counted)}`);
};

/** As the windows of quotas are counted. */
const thisMinute = (): number => Math.floor(Date.now() / 60_000);

/** Bytes may differ: ids and numbers do not all have the same length. */
const isAsDear = (one: Counts, other: Counts): boolean =>
  JSON.stringify({ ...one, bytes: 0 }) === JSON.stringify({ ...other, bytes: 0 });

/** Waits until nobody works any more, nothing is remembered of calls, and only these pages are connected. */
const settled = (cloud: Cloud, pages: number): Promise<void> =>
  until('end of what a step causes', async () => {
    const items = await cloud.table.items(cloud.deployment.table.ref);
    const calls = items.filter(
      (item) => isCall(textAt(item, 'pk', 'S'), textAt(item, 'sk', 'S')) && !at(item, 'isOver'),
    );
    const connections = items.filter((item) => isConnection(textAt(item, 'pk', 'S'), textAt(item, 'sk', 'S')));
    return cloud.ledger.running === 0 && calls.length === 0 && connections.length === pages;
  });

/** A session, or that a connection may speak for one. */
const isCall = (pk: string, sk: string): boolean => pk.startsWith('S#') || (pk.startsWith('C#') && sk.startsWith('B#'));

const isConnection = (pk: string, sk: string): boolean => pk.startsWith('C#') && sk === 'META';

/** One that is under way is not yet whole, and makes less than a half of a difference. */
const countRenewal = async ({ ledger }: Cloud): Promise<Counts> => {
  await until('renewal', async () => ledger.renewals.lambdaCalls >= fewRenewals);
  const { lambdaCalls } = ledger.renewals;
  return combine(ledger.renewals, nothing, (all) => Math.round(all / lambdaCalls));
};

const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + patienceMs; !(await isSo()); await sleep(20)) {
    if (Date.now() >= end) throw new Error(`no ${what} in ${patienceMs} ms`);
  }
};
