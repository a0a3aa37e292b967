import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import { readConfig } from '../../functions/src/config.ts';
import { type Signaling, type SignalingOptions, startSignaling } from '../../functions/src/main-local/start.ts';
import { silentLog } from '../../functions/src/ports/log.ts';
import { FakeEdge, type FakeEdgeOptions } from '../fakes/fake-edge.ts';
import { RawClient, type RawClientOptions } from '../fakes/raw-client.ts';

export interface Address {
  readonly address: string;
  readonly password: string;
}

/** Signaling as it runs on one machine, in this process, on free ports and with a data folder of its own. */
export class SignalingStage {
  readonly #settings: Record<string, string>;
  readonly #options: Partial<SignalingOptions>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'sylk-signaling-'));
  readonly #clients: RawClient[] = [];
  readonly #edges: FakeEdge[] = [];
  #signaling: Signaling | undefined;

  private constructor(settings: Record<string, string>, options: Partial<SignalingOptions>) {
    this.#settings = settings;
    this.#options = options;
  }

  static async open(settings: Record<string, string> = {}, options: Partial<SignalingOptions> = {}) {
    const stage = new SignalingStage(settings, options);
    await stage.#start();
    return stage;
  }

  get folder(): string {
    return this.#folder;
  }

  get signaling(): Signaling {
    if (this.#signaling === undefined) throw new Error('signaling is not running');
    return this.#signaling;
  }

  get port(): number {
    return this.signaling.httpPort;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async edge(options: Partial<FakeEdgeOptions> = {}): Promise<FakeEdge> {
    const edge = await FakeEdge.dial({ port: this.port, secret: this.signaling.edgeSecret, ...options });
    this.#edges.push(edge);
    return edge;
  }

  async client(options: Partial<RawClientOptions> = {}): Promise<RawClient> {
    const client = await RawClient.ready({ port: this.port, ...options });
    this.#clients.push(client);
    return client;
  }

  /** Gets a temporary address, or another by `wish`. */
  async mint(wish: object = { lifetime: 'temporary' }): Promise<Address> {
    const response = await fetch(`${this.origin}/api/addresses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    });
    const made = parseJson(await response.text());
    if (response.status !== 201 || !isJsonObject(made)) throw new Error(`no address: ${response.status}`);
    return { address: String(made.address), password: String(made.password) };
  }

  /** A client on which an address is added. */
  async guest({ address, password }: Address, more: object = {}): Promise<RawClient> {
    const client = await this.client();
    const reply = await client.asks({ sylkrtc: 'account-add', account: address, password, ...more });
    if (reply !== 'ack') throw new Error(reply);
    return client;
  }

  /** A client on which an address is added and registered. */
  async signedIn(account: Address, more: object = {}): Promise<RawClient> {
    const { address } = account;
    const client = await this.guest(account, more);
    await client.asks({ sylkrtc: 'account-register', account: address });
    for (const state of ['registering', 'registered']) {
      const event = await client.next();
      if (event.state !== state) throw new Error(`expected ${state}, got ${JSON.stringify(event)}`);
    }
    return client;
  }

  /** Asks the operator's API. @returns the body of the answer */
  operator(method: 'GET' | 'POST', path: string): Promise<string> {
    const options = { socketPath: join(this.#folder, 'ctl.sock'), method, path };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => resolve(readText(response)));
      sent.once('error', reject);
      sent.end();
    });
  }

  /** Lets an address expire, as a day without use does. */
  async expire(address: string): Promise<void> {
    const database = new DatabaseSync(join(this.#folder, 'signaling.sqlite'));
    database.prepare('UPDATE accounts SET expires_at = 1 WHERE aor = ?').run(address);
    database.close();
  }

  /** Resolves when something has become true. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await sleep(50);
  }

  /** Starts signaling anew with the same data, on the same port. */
  async restart(): Promise<void> {
    const { httpPort } = this.signaling;
    await this.signaling.stop();
    this.#settings.SYLK_HTTP_PORT = String(httpPort);
    await this.#start();
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.lose();
    await this.#signaling?.stop();
    for (const edge of this.#edges) edge.vanish();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const environment = {
      SYLK_DOMAIN: 'sylk.test',
      SYLK_DATA_DIR: this.#folder,
      SYLK_HTTP_ADDRESS: '127.0.0.1',
      SYLK_HTTP_PORT: '0',
      SYLK_HTTPS_PORT: '0',
      ...this.#settings,
    };
    const config = readConfig(environment, this.#folder);
    this.#signaling = await startSignaling({
      config,
      version: '0.1.0',
      assets: new Map(),
      log: silentLog,
      ...this.#options,
    });
  }
}
