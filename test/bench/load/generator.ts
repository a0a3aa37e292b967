/**
 * The load generator, a process of its own: browsers without a browser in one thread, the echoing phones in another.
 * The bench steers it over IPC: one order at a time, one answer to each.
 */
import { BareCaller } from '../gateways/bare.ts';
import { JanusCaller } from '../gateways/janus.ts';
import { OurCaller } from '../gateways/ours.ts';
import { cpuOfThread } from './cpu.ts';
import { EchoPhones } from './echo-phones.ts';
import { WebRtcClient } from './webrtc-client.ts';

export type Access =
  | { kind: 'ours'; url: string; account: { address: string; password: string } }
  | { kind: 'janus'; url: string }
  | { kind: 'bare'; url: string };

export type Order =
  /** One call after the other, each to media both ways. */
  | { do: 'latency'; calls: number }
  /** So many calls, and they stay. */
  | { do: 'establish'; calls: number }
  /** What flows meanwhile. */
  | { do: 'watch'; seconds: number }
  /** Ends all calls. */
  | { do: 'end' }
  /** Set-up and end without media, `atOnce` at a time. */
  | { do: 'setups'; calls: number; atOnce: number }
  /** The same at an even pace, whether or not the ones before have ended. */
  | { do: 'sustain'; perSecond: number; seconds: number };

export interface Latencies {
  /** ms from the request to the INVITE at the phone, per call. */
  invite: number[];
  /** ms from the request until both sides had their first packet, per call. */
  media: number[];
}

export interface Watched {
  /** Packets that came back to the browsers, of those that were sent in the time (1 = all). */
  delivered: number;
  /** Share of one core that the busier thread of this generator used. */
  generatorCpu: number;
}

export interface Sustained {
  readonly placed: number;
  /** Refused, or without an answer 10 s after the last one was placed. */
  readonly failed: number;
  /** ms from the request to the answer, of those that had one. */
  readonly answerMs: readonly number[];
}

const access: Access = JSON.parse(process.argv[2] ?? '{}');
const echo = await EchoPhones.start();
const caller =
  access.kind === 'ours'
    ? new OurCaller(access.url, access.account)
    : access.kind === 'janus'
      ? new JanusCaller(access.url)
      : new BareCaller(access.url);
await caller.open();
const running: { client: WebRtcClient; hangUp(): void }[] = [];
let count = 0;

function carryOut(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'latency':
      return latency(order.calls);
    case 'establish':
      return establish(order.calls);
    case 'watch':
      return watch(order.seconds);
    case 'setups':
      return setups(order.calls, order.atOnce);
    case 'sustain':
      return sustain(order.perSecond, order.seconds);
    case 'end':
      return endAll();
  }
}

async function latency(calls: number): Promise<Latencies> {
  const result: Latencies = { invite: [], media: [] };
  for (let index = 0; index < calls; index++) {
    const { invite, media } = await connect();
    result.invite.push(invite);
    result.media.push(media);
    await endAll();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return result;
}

async function establish(calls: number): Promise<void> {
  for (let index = 0; index < calls; index++) await connect();
}

async function watch(seconds: number): Promise<Watched> {
  const received = () => running.reduce((sum, { client }) => sum + client.received, 0);
  const threads = async () => [cpuOfThread(), await echo.cpuSeconds()];
  const [packets, cpu, start] = [received(), await threads(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const passed = (performance.now() - start) / 1000;
  const delivered = (received() - packets) / (running.length * 50 * passed);
  const used = (await threads()).map((seconds, index) => seconds - (cpu[index] ?? 0));
  return { delivered, generatorCpu: Math.max(...used) / passed };
}

/** @returns set-ups per second */
async function setups(calls: number, atOnce: number): Promise<number> {
  const client = new WebRtcClient();
  const offer = await client.offer();
  await caller.open(calls);
  let left = calls;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) {
        const { answer, hangUp } = caller.call(`u${count++}@127.0.0.1:${echo.port}`, offer);
        await answer;
        hangUp();
      }
    }),
  );
  await client.close();
  return (1000 * calls) / (performance.now() - start);
}

async function sustain(perSecond: number, seconds: number): Promise<Sustained> {
  const client = new WebRtcClient();
  const offer = await client.offer();
  await caller.open(60);
  const placed = perSecond * seconds;
  const answerMs: number[] = [];
  const place = async () => {
    const { sentAt, answer, hangUp } = caller.call(`u${count++}@127.0.0.1:${echo.port}`, offer);
    await answer;
    answerMs.push(performance.now() - sentAt);
    hangUp();
  };
  const start = performance.now();
  const calls: Promise<void>[] = [];
  for (let index = 0; index < placed; index++) {
    await until(start + (1000 * index) / perSecond);
    calls.push(place());
  }
  await Promise.race([Promise.allSettled(calls), until(performance.now() + 10_000)]);
  await client.close();
  return { placed, failed: placed - answerMs.length, answerMs };
}

const until = (at: number) => new Promise((resolve) => setTimeout(resolve, at - performance.now()));

async function connect(): Promise<{ invite: number; media: number }> {
  await caller.open();
  const user = `u${count++}`;
  const client = new WebRtcClient();
  const offer = await client.offer();
  const { invite, media } = echo.expect(user);
  const { sentAt, answer, hangUp } = caller.call(`${user}@127.0.0.1:${echo.port}`, offer);
  running.push({ client, hangUp });
  await client.accept(await answer);
  const [invited, there, here] = await Promise.all([invite, media, client.firstPacket]);
  return { invite: invited - sentAt, media: Math.max(there, here) - sentAt };
}

async function endAll(): Promise<void> {
  for (const { client, hangUp } of running.splice(0)) {
    hangUp();
    await client.close();
  }
}

process.on('message', async (order: Order) => {
  try {
    process.send?.({ ok: await carryOut(order) });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send?.({ ok: 'ready' });
