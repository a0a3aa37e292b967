import assert from 'node:assert/strict';
import type { Socket } from '../../web/src/client/environment.ts';
import { createPhoneStore } from '../../web/src/store/phone-store.ts';
import type { CallView, PhoneSnapshot, PhoneStore } from '../../web/src/store/snapshot.ts';
import { ClientWorld } from './client-world.ts';
import { FakeBrowser, type FakeMediaSource } from './fake-browser.ts';
import { answerTo, offerOf } from './fake-peer-connection.ts';

/** A phone in a fake browser, and a gateway that gives addresses away. */
export class PhoneWorld {
  readonly world: ClientWorld;
  readonly browser: FakeBrowser;
  #store: PhoneStore | undefined;
  #made = 0;
  #page = 0;

  constructor(world = new ClientWorld()) {
    this.world = world;
    this.browser = new FakeBrowser(world);
    this.browser.serve = (method, path, init) => this.#serve(method, path, init);
  }

  get media(): FakeMediaSource {
    assert.ok(this.browser.media);
    return this.browser.media;
  }

  /** The page is opened; a second time it is loaded again, with what the browser has kept. */
  async open(): Promise<PhoneStore> {
    const page = ++this.#page;
    const { openSocket } = this.world.gateway;
    // A page that was left does nothing any more, though its timers still run here.
    this.browser.environment = {
      ...this.world.environment,
      openSocket: (url, protocol) => (page === this.#page ? openSocket(url, protocol) : deadSocket),
    };
    this.#store = createPhoneStore({ server: 'wss://gateway.test/webrtcgateway/ws', browser: this.browser });
    await this.pass(50);
    return this.#store;
  }

  /** The page is loaded again: nothing is left but storage. */
  async reload(): Promise<PhoneStore> {
    this.browser.tell('left');
    this.browser.claims.clear();
    for (const socket of this.world.gateway.sockets) socket.cut();
    await this.pass(1);
    return this.open();
  }

  get store(): PhoneStore {
    assert.ok(this.#store, 'the page is not open');
    return this.#store;
  }

  get snapshot(): PhoneSnapshot {
    return this.store.snapshot;
  }

  /** The only call there is. */
  get call(): CallView {
    const [call, ...others] = this.snapshot.calls;
    assert.ok(call, 'there is no call');
    assert.equal(others.length, 0);
    return call;
  }

  pass(ms: number): Promise<void> {
    return this.world.clock.advance(ms);
  }

  /** Calls Bob, who has not answered yet. */
  async dial(media = { audio: true, video: false }): Promise<string> {
    const dialled = this.store.call('bob@example.org', media);
    await this.pass(50);
    return dialled;
  }

  /** Bob answers the call that was placed last. */
  async answeredByBob(): Promise<string> {
    const create = this.world.carriedOut('session-create').at(-1);
    assert.ok(create, 'nothing was dialled');
    const id = String(create.session);
    this.emit(id, { event: 'state', state: 'accepted', sdp: answerTo(String(create.sdp)), call_id: `sip-${id}` });
    this.emit(id, { event: 'state', state: 'established' });
    await this.pass(10);
    return id;
  }

  async talk(media = { audio: true, video: false }): Promise<string> {
    await this.dial(media);
    return this.answeredByBob();
  }

  /** Carol calls the phone's own address. */
  async ring(id: string, offer = offerOf('audio'), verified?: boolean): Promise<void> {
    const account = this.snapshot.own?.address;
    assert.ok(account, 'the phone has no address');
    this.world.gateway.ring(id, { account, from: 'carol@example.org', offer, verified });
    await this.pass(10);
  }

  emit(id: string, news: Readonly<Record<string, unknown>>): void {
    this.world.gateway.emit(id, news);
  }

  /** The gateway takes every change of media, and confirms every end. */
  acceptAll(): void {
    this.world.gateway.onRequest = ({ sylkrtc, session, sdp, transaction }) => {
      const id = String(session);
      if (sylkrtc === 'session-terminate') this.emit(id, { event: 'state', state: 'terminated', reason: '200 OK' });
      const isOffer = sylkrtc === 'session-update' || (sylkrtc === 'session-resume' && sdp !== undefined);
      if (isOffer) this.emit(id, { event: 'update', state: 'accepted', sdp: answerTo(String(sdp)), transaction });
    };
  }

  #serve(method: string, path: string, init: RequestInit): Response {
    const json = (status: number, body: object) => new Response(JSON.stringify(body), { status });
    if (path === '/api/config') return json(200, { domain: 'example.org' });
    if (method === 'DELETE') return new Response(null, { status: 204 });
    if (path.startsWith('/api/calls/')) return new Response('the course of the call', { status: 200 });
    if (path !== '/api/addresses') return json(404, {});
    const wish = JSON.parse(String(init.body));
    if (wish.lifetime === 'permanent') {
      return json(201, {
        address: `${wish.name}@example.org`,
        password: wish.password,
        displayName: wish.name,
        expiresAt: null,
      });
    }
    const expiresAt = new Date(this.world.clock.now() + 86_400_000).toISOString();
    return json(201, {
      address: `temp-${++this.#made}@example.org`,
      password: 'secret',
      displayName: 'Temp',
      expiresAt,
    });
  }
}

const deadSocket: Socket = { send: () => undefined, close: () => undefined, addEventListener: () => undefined };

/** A phone whose page is open. */
export async function openPhone(): Promise<PhoneWorld> {
  const phone = new PhoneWorld();
  await phone.open();
  return phone;
}

/** A phone with a temporary address of its own, signed in. */
export async function openPhoneWithAddress(): Promise<PhoneWorld> {
  const phone = await openPhone();
  await Promise.all([phone.store.getAddress({ lifetime: 'temporary' }), phone.pass(50)]);
  return phone;
}
