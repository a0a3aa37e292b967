import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject } from '@sylk/protocol/json.ts';
import { WebRtcClient } from '../bench/load/webrtc-client.ts';
import { type ProbeAccount, ProbeClient } from './probe-client.ts';

export interface ProbeStep {
  readonly what: string;
  readonly ms: number;
}

/** Packets of 20 ms that must come back in a second. */
const enoughPackets = 25;
const patienceMs = 10_000;

/**
 * Tries a gateway from outside, as a stranger with a browser would: takes an address, signs in, writes to itself, calls `echo@` with
 * real media, loses the socket in the call and resumes, hangs up.
 *
 * @param origin where the page is, such as `https://phone.example.org`
 * @returns what was tried and how long it took
 * @throws Error for the first thing that fails
 */
export const probe = async (origin: string): Promise<readonly ProbeStep[]> => {
  const steps: ProbeStep[] = [];
  const step = async <Value>(what: string, work: () => Promise<Value>): Promise<Value> => {
    const begin = performance.now();
    const value = await work().catch((cause: unknown) => {
      throw new Error(`${what}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    });
    steps.push({ what, ms: Math.round(performance.now() - begin) });
    return value;
  };
  const account = await step('an address is given', () => newAddress(origin));
  const client = new ProbeClient(origin);
  const media = new WebRtcClient();
  const packets = async () => {
    const before = media.received;
    await sleep(1_000);
    const came = media.received - before;
    if (came < enoughPackets) throw new Error(`${came} packets in a second, expected ${enoughPackets} or more`);
  };
  try {
    await step('the gateway greets', () => client.seen(({ sylkrtc }) => sylkrtc === 'ready-event'));
    await step('the account is registered', () => client.signIn(account));
    const note = await step('a text to oneself is kept', () => writeTo(client, account.address));
    await step('the text is read again', () => readBack(client, account.address, note));
    const domain = account.address.split('@')[1];
    const offer = await media.offer();
    const call = await step('a call is placed', () => client.call(`echo@${domain}`, offer));
    const answer = await step('echo answers', () => client.reaches(call, 'accepted'));
    await step('media is connected', () => media.accept(String(answer.sdp)));
    await step('the call is established', () => client.reaches(call, 'established'));
    await step('sound comes back', () => withIn(patienceMs, media.firstPacket));
    await step('sound keeps coming', packets);
    const { resumes } = client;
    client.lose();
    await step('the call is resumed on another socket', () => client.resumed(resumes + 1));
    await step('sound goes on', packets);
    await step('the call is hung up', () => client.ask({ sylkrtc: 'session-terminate', session: call.session }));
    await step('the end is told', () => client.reaches(call, 'terminated'));
  } finally {
    client.close();
    await media.close();
  }
  if (client.faults.length > 0) throw new Error(client.faults.join('; '));
  return steps;
};

/** @returns what was written */
const writeTo = async (client: ProbeClient, address: string): Promise<string> => {
  const text = { content: randomUUID(), content_type: 'text/plain', timestamp: new Date().toISOString() };
  const request = { sylkrtc: 'account-message', account: address, uri: address, message_id: randomUUID() };
  await client.ask({ ...request, ...text });
  return text.content;
};

const readBack = async (client: ProbeClient, address: string, content: string): Promise<void> => {
  await client.ask({ sylkrtc: 'account-sync-conversations', account: address });
  await client.seen(
    ({ event, messages }) =>
      event === 'sync-conversations' &&
      Array.isArray(messages) &&
      messages.some((message) => isJsonObject(message) && message.content === content),
  );
};

const withIn = <Value>(ms: number, work: Promise<Value>): Promise<Value> => {
  const late = sleep(ms, undefined, { ref: false }).then(() => {
    throw new Error(`nothing in ${ms} ms`);
  });
  return Promise.race([work, late]);
};

const newAddress = async (origin: string): Promise<ProbeAccount> => {
  const response = await fetch(`${origin}/api/addresses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: '{"lifetime":"temporary"}',
  });
  const made: unknown = await response.json();
  if (response.status === 201 && isJsonObject(made))
    return { address: String(made.address), password: String(made.password) };
  throw new Error(`${response.status} ${JSON.stringify(made)}`);
};
