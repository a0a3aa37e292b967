import type { Account } from '../client/account.ts';
import type { Connection } from '../client/connection.ts';
import { browserEnvironment } from '../client/environment.ts';
import { createConnection } from '../client/index.ts';
import { AddressKeeper } from './address-keeper.ts';
import { BlockList } from './block-list.ts';
import type { Browser } from './browser.ts';
import { CallDesk } from './call-desk.ts';
import { CallEnds } from './call-ends.ts';
import { ChatDesk } from './chat/chat-desk.ts';
import { DeviceList } from './device-list.ts';
import { GatewayApi } from './gateway-api.ts';
import { LiveDevices } from './live-devices.ts';
import { MediaCapture } from './media-capture.ts';
import type { StoreMessages } from './messages/en.ts';
import { PlaceWatch } from './place.ts';
import type { QuietTime } from './quiet-time.ts';
import type { Recents } from './recents.ts';
import { Sentence } from './sentence.ts';
import type { SnapshotBoard } from './snapshot-board.ts';

export interface PhoneLineOptions {
  readonly browser: Browser;
  readonly messages: StoreMessages;
  readonly board: SnapshotBoard;
  readonly recents: Recents;
  readonly quietTime: QuietTime;
  /** `wss://host/webrtcgateway/ws` */
  readonly server: string;
  /** `https://host` of the gateway. */
  readonly apiOrigin: string;
  /** This tab, as the gateway knows it. */
  readonly device: string;
}

/** Everything that works together once a page is connected: wires the parts of the phone, and knows them all. */
export class PhoneLine {
  readonly connection: Connection;
  readonly api: GatewayApi;
  readonly keeper: AddressKeeper;
  readonly desk: CallDesk;
  readonly capture: MediaCapture;
  readonly liveDevices: LiveDevices;
  readonly blocks: BlockList;
  readonly chats: ChatDesk;
  readonly #options: PhoneLineOptions;
  readonly #devices: DeviceList;
  readonly #ends: CallEnds;
  readonly #place: PlaceWatch;
  readonly #forget: (() => void)[];
  readonly #accounts = new Map<string, Account>();
  #linkTimer: { cancel(): void } | undefined;

  constructor(options: PhoneLineOptions) {
    const { browser, board, messages, recents, server, device } = options;
    const { clock, environment } = browser;
    const newStream = () => ({ ...browserEnvironment(), ...environment }).newMediaStream([]);
    this.#options = options;
    this.api = new GatewayApi(browser, options.apiOrigin, messages);
    this.connection = createConnection({
      server,
      device,
      connectDelayMs: 0,
      userAgent: { name: 'Sylk page', version: '0.1' },
      environment,
    });
    this.#devices = new DeviceList(browser, (devices) => board.patch({ devices }));
    this.capture = new MediaCapture({
      browser,
      messages,
      newStream,
      preferred: () => this.#devices.wanted,
      permissionChanged: (permission) => this.#permissionChanged(permission),
    });
    this.blocks = this.#makeBlocks();
    this.chats = this.#makeChats();
    this.keeper = new AddressKeeper({
      clock,
      memory: browser.memory,
      api: this.api,
      messages,
      connection: this.connection,
      changed: (own) => {
        board.patch({ own });
        board.patch({ blocked: this.blocks.list });
        this.chats.use(this.keeper.addresses);
        if (own?.registration === 'registered') this.blocks.tell();
      },
      expired: () => board.notify({ kind: 'info', sentence: messages.notice.addressExpired }),
      added: (account) => this.#follow(account),
    });
    this.#ends = new CallEnds({ clock, messages, board, recents });
    this.desk = new CallDesk({
      browser,
      messages,
      board,
      capture: this.capture,
      keeper: this.keeper,
      ends: this.#ends,
      newStream,
      device,
      deviceLost: (call, track) => void this.liveDevices.lost(call, track),
    });
    this.liveDevices = new LiveDevices({
      messages,
      board,
      capture: this.capture,
      devices: this.#devices,
      calls: () => this.desk.calls,
    });
    this.#place = new PlaceWatch(browser, this.connection, (state) => board.patch(state));
    this.#forget = this.#listen();
    void this.lookAtDevices();
    void this.capture.lookUp();
    this.keeper.start();
  }

  /** Which devices are there now. */
  async lookAtDevices(): Promise<void> {
    await this.#devices.look();
    this.#place.showMicrophone(this.#devices.hasMicrophone);
    await this.liveDevices.listChanged();
  }

  close(): void {
    for (const forget of this.#forget) forget();
    this.desk.close();
    this.chats.close();
    this.#devices.close();
    this.#place.close();
    this.#linkTimer?.cancel();
    // The goodbyes of the calls are on their way; a socket that closes lets them out first.
    this.connection.close();
  }

  #makeBlocks(): BlockList {
    const { browser, board } = this.#options;
    return new BlockList({
      memory: browser.memory,
      clock: browser.clock,
      own: () => board.snapshot.own?.address,
      account: (own) => (this.#isHere(own) ? this.#accounts.get(own) : undefined),
      changed: (blocked) => {
        board.patch({ blocked });
        this.chats.blocksChanged();
      },
    });
  }

  #makeChats(): ChatDesk {
    const { browser, board, recents } = this.#options;
    return new ChatDesk({
      archive: browser.chats,
      clock: browser.clock,
      isBlocked: (uri) => this.blocks.has(uri),
      wasCalled: (uri) => recents.hasCalled(uri),
      publish: (chat) => board.patch({ chat }),
    });
  }

  #listen(): (() => void)[] {
    const { media, page } = this.#options.browser;
    this.connection.on('stateChanged', (_old, state) => {
      this.#showLink(state !== 'ready');
      if (state !== 'ready') return;
      void this.#learnDomain();
      this.chats.synchronise();
    });
    return [
      media?.onChanged(() => void this.lookAtDevices()) ?? (() => undefined),
      page.onLeft(() => this.desk.leave()),
      // A phone that slept has lost its sockets without knowing.
      page.onShown(() => this.connection.reconnect()),
    ];
  }

  #follow(account: Account): void {
    this.chats.attach(account);
    this.#accounts.set(account.id, account);
    account.on('contactPolicyChanged', (policy) => this.blocks.learn(account.id, policy));
    account.on('incomingCall', (call, media) => {
      if (this.blocks.has(call.remoteIdentity.uri)) call.terminate({ code: 603 });
      else if (this.#options.quietTime.isOn) this.#ends.notRung(call);
      else this.desk.incoming(call, media);
    });
    account.on('missedCall', (missed) => {
      if (!this.blocks.has(missed.originator.uri)) this.#ends.missed(missed);
    });
    void this.desk.restore(account, ({ state }, localStream) => this.connection.restore(state, { localStream }));
  }

  /** Of addresses elsewhere the gateway keeps no list. */
  #isHere(address: string): boolean {
    return address.toLowerCase().endsWith(`@${this.connection.domain?.toLowerCase()}`);
  }

  #permissionChanged(permission: MediaCapture['permission']): void {
    this.#options.board.patch({ permission });
    // Only now does the browser tell the names of the devices.
    if (permission === 'granted') void this.lookAtDevices();
  }

  /** A socket that is back at once is not worth a word. */
  #showLink(isLost: boolean): void {
    if (!isLost) {
      this.#linkTimer?.cancel();
      this.#linkTimer = undefined;
      return this.desk.showLink(false);
    }
    this.#linkTimer ??= this.#options.browser.clock.after(shortLossMs, () => this.desk.showLink(true));
  }

  async #learnDomain(): Promise<void> {
    const { board } = this.#options;
    try {
      const domain = this.connection.domain ?? (await this.api.domain());
      if (domain !== board.snapshot.domain) board.patch({ domain });
    } catch (error) {
      // Without it, people type whole addresses.
      if (!(error instanceof Sentence)) throw error;
    }
  }
}

const shortLossMs = 2_000;
