import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { type Gateway as Product, startGateway } from '../../peers/gateway.ts';
import type { Gateway, Hearing } from './flood/flood-phone.ts';
import type { PhonesNews, PhonesOrder, PhonesTask } from './flood/phones-thread.ts';
import type { ScannersReport, ScannersTask } from './flood/scanner-thread.ts';

const calls = 20;
const perSecond = 2_000;
const floodMs = 8_000;
/** Networks of this run alone: phones that are the operator's, and scanners that are nobody's. */
const net = `127.${randomInt(32, 64)}`;

let product: Product;
let gateway: Gateway;
before(async () => {
  product = await startGateway({ SYLK_SIP_ADDRESS: '127.0.0.1', SYLK_PEER_NETWORKS: `${net}.1.0/24` });
  gateway = { address: '127.0.0.1', port: product.sipPort, domain: product.domain };
});
after(() => product.stop());

const addresses = (third: number, count: number) =>
  Array.from({ length: count }, (_, host) => `${net}.${third}.${host + 1}`);

/** The phones, as the test speaks with them. */
class Phones {
  readonly #thread: Worker;
  readonly #news: PhonesNews[] = [];
  #waiting: (() => void)[] = [];

  constructor(task: PhonesTask) {
    this.#thread = new Worker(new URL('flood/phones-thread.ts', import.meta.url), { workerData: task });
    this.#thread.on('message', (news: PhonesNews) => {
      this.#news.push(news);
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  tell(order: PhonesOrder): void {
    this.#thread.postMessage(order);
  }

  async hears<Kind extends PhonesNews['kind']>(kind: Kind): Promise<Extract<PhonesNews, { kind: Kind }>> {
    for (const until = performance.now() + 30_000; performance.now() < until; ) {
      const found = this.#news.find((news): news is Extract<PhonesNews, { kind: Kind }> => news.kind === kind);
      if (found !== undefined) {
        this.#news.splice(this.#news.indexOf(found), 1);
        return found;
      }
      await Promise.race([
        new Promise<void>((resolve) => this.#waiting.push(resolve)),
        new Promise((resolve) => setTimeout(resolve, 1_000)),
      ]);
    }
    throw new Error(`the phones never told '${kind}'`);
  }

  async hearings(): Promise<readonly Hearing[]> {
    this.tell('report');
    return (await this.hears('report')).hearings;
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}

function assertFullQuality(hearings: readonly Hearing[]): void {
  const total = (pick: (hearing: Hearing) => number) => hearings.reduce((sum, hearing) => sum + pick(hearing), 0);
  const lost = total(({ missing }) => missing) / total(({ heard }) => heard);
  assert.ok(lost < 0.001, `${(lost * 100).toFixed(3)} % lost: ${JSON.stringify(hearings)}`);
  assert.equal(
    total(({ strange }) => strange),
    0,
  );
  for (const { sent, heard } of hearings) assert.ok(heard > 0.98 * sent, `${heard} of ${sent} heard`);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it(`${calls} calls go on at full quality while scanners send ${perSecond} requests a second, and can be held and ended`, async (context) => {
  const phones = new Phones({ gateway, addresses: addresses(1, calls) });
  const { targets } = await phones.hears('up');
  await pause(1_000);
  const task: ScannersTask = { gateway, addresses: addresses(2, 25), perSecond, mediaPorts: targets };
  const scanners = new Worker(new URL('flood/scanner-thread.ts', import.meta.url), { workerData: task });
  phones.tell('start over');
  await pause(floodMs);
  const hearings = await phones.hearings();
  phones.tell('change and hang up');
  const { failures } = await phones.hears('over');
  const told = once(scanners, 'message');
  scanners.postMessage('end');
  const [report]: ScannersReport[] = await told;
  assert.ok(report !== undefined);
  context.diagnostic(
    `${Math.round(report.sent / report.seconds)} requests per second, ${report.answers} answers, ${report.bytesOut} bytes in, ${report.bytesIn} out`,
  );
  context.diagnostic(
    `packets lost: ${hearings.reduce((sum, { missing }) => sum + missing, 0)} of ${hearings.reduce((sum, { heard }) => sum + heard, 0)}`,
  );
  assert.ok(report.sent / report.seconds > 0.9 * perSecond, `only ${report.sent} requests in ${report.seconds} s`);
  assertFullQuality(hearings);
  assert.deepEqual(failures, []);
  assert.ok(report.bytesIn < report.bytesOut / 5, 'scanners are answered as if they were welcome');
  await scanners.terminate();
  await phones.close();
});

it('calls go on at full quality while connections are opened and left half open, with TLS and without', async () => {
  const phones = new Phones({ gateway, addresses: addresses(3, 5).map((address) => address.replace('.3.', '.1.1')) });
  await phones.hears('up');
  await pause(500);
  phones.tell('start over');
  const sockets: Socket[] = [];
  const clientHello = Buffer.from('160301020001000100', 'hex');
  for (let round = 0; round < 15; round++) {
    for (const localAddress of addresses(2, 10)) {
      for (const [port, words] of [
        [gateway.port, 'INVITE sip:echo@'],
        [gateway.port + 1, clientHello],
      ] as const) {
        const socket = connect({ host: gateway.address, port, localAddress });
        socket.on('error', () => socket.destroy()).on('connect', () => socket.write(words));
        sockets.push(socket);
      }
    }
    await pause(200);
  }
  const hearings = await phones.hearings();
  phones.tell('change and hang up');
  const { failures } = await phones.hears('over');
  assertFullQuality(hearings);
  assert.deepEqual(failures, []);
  for (const socket of sockets) socket.destroy();
  await phones.close();
});
