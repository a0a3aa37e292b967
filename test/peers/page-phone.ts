import type { Page } from 'puppeteer-core';
import type { TestBrowser } from './browser.ts';

/** What a test sees of one call in the page. */
export interface SeenCall {
  readonly id: string;
  readonly direction: string;
  readonly state: string;
  readonly states: readonly string[];
  readonly reason?: string;
  readonly callId?: string;
  readonly events: readonly { readonly name: string; readonly detail: unknown }[];
}

/** Inbound media of one call, by the browser's own counters. */
export interface SeenMedia {
  readonly audioPackets: number;
  readonly audioLost: number;
  readonly videoFrames: number;
  readonly videoWidth: number;
  readonly videoLost: number;
  readonly videoPackets: number;
  readonly audioCodec?: string;
  readonly videoCodec?: string;
}

/**
 * A page with the client library and nothing else: one account, its calls, and what is heard in them.
 * All that it knows lives in the page as `window.phone`, so that a reload loses it, as a person's would.
 */
export class PagePhone {
  readonly page: Page;
  readonly address: string;

  private constructor(page: Page, address: string) {
    this.page = page;
    this.address = address;
  }

  /** Opens a tab on `origin`, adds the account and registers it. */
  static async open(browser: TestBrowser, origin: string, account: { address: string; password: string }): Promise<PagePhone> {
    const page = await browser.newTab(`${origin}/api/config`);
    await page.evaluate(installPhone, account.address, account.password);
    return new PagePhone(page, account.address);
  }

  /** @param uri whom to call; resolves with the call's id once the request is out */
  call(uri: string, media: { audio?: boolean; video?: boolean; headers?: { name: string; value: string }[] } = {}): Promise<string> {
    return this.page.evaluate((to, wanted) => window.phone.call(to, wanted), uri, media);
  }

  answer(id: string, media: { video?: boolean } = {}): Promise<void> {
    return this.page.evaluate((call, wanted) => window.phone.answer(call, wanted), id, media);
  }

  /** Calls a method of the library's Call object. */
  act(id: string, method: string, ...args: unknown[]): Promise<void> {
    return this.page.evaluate((call, name, values) => window.phone.act(call, name, values), id, method, args);
  }

  /** Offers the camera, or a drawn "screen", to the other side; resolves once it is offered. */
  addVideo(id: string, kind: 'camera' | 'screen' = 'camera'): Promise<void> {
    return this.page.evaluate((call, which) => window.phone.addVideo(call, which), id, kind);
  }

  see(id: string): Promise<SeenCall> {
    return this.page.evaluate((call) => window.phone.see(call), id);
  }

  /** The next incoming call that no test has taken yet. */
  async incoming(timeoutMs = 10_000): Promise<string> {
    const handle = await this.page.waitForFunction(() => window.phone.takeIncoming(), { timeout: timeoutMs, polling: 20 });
    return String(await handle.jsonValue());
  }

  /** The first missed call that the page has been told of. */
  async missed(timeoutMs = 10_000): Promise<{ uri: string }> {
    const handle = await this.page.waitForFunction(() => window.phone.missed[0], { timeout: timeoutMs, polling: 20 });
    return { uri: String(Object(await handle.jsonValue()).uri) };
  }

  /** Waits until the call has been in this state (also in passing). */
  async reaches(id: string, state: string, timeoutMs = 15_000): Promise<SeenCall> {
    try {
      await this.page.waitForFunction((call, name) => window.phone.see(call).states.includes(name), { timeout: timeoutMs, polling: 20 }, id, state);
    } catch (cause) {
      throw new Error(`the call did not get to ${state}: ${JSON.stringify(await this.see(id))}`, { cause });
    }
    return this.see(id);
  }

  /** Waits for an event of the call, such as `hold`, `dtmf`, `mediaUpdated`. */
  async event(id: string, name: string, skip = 0, timeoutMs = 15_000): Promise<unknown> {
    await this.page.waitForFunction(
      (call, wanted, count) => window.phone.see(call).events.filter((event) => event.name === wanted).length > count,
      { timeout: timeoutMs, polling: 20 }, id, name, skip);
    const seen = await this.see(id);
    return seen.events.filter((event) => event.name === name)[skip]?.detail;
  }

  media(id: string): Promise<SeenMedia> {
    return this.page.evaluate((call) => window.phone.media(call), id);
  }

  /** The strongest tone that is heard in this call now, Hz; 0 for silence. */
  heardHz(id: string): Promise<number> {
    return this.page.evaluate((call) => window.phone.heardHz(call), id);
  }

  /** Waits until the tone is heard, within 2 %. */
  async hears(id: string, hz: number, timeoutMs = 10_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    let last = 0;
    while (Date.now() < until) {
      last = await this.heardHz(id);
      if (Math.abs(last - hz) <= hz * 0.02) return;
    }
    throw new Error(`${hz} Hz was not heard in ${timeoutMs} ms; last it was ${last} Hz; ${JSON.stringify(await this.media(id))}`);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

interface InPage {
  call(uri: string, media: { audio?: boolean; video?: boolean; headers?: { name: string; value: string }[] }): Promise<string>;
  answer(id: string, media: { video?: boolean }): Promise<void>;
  act(id: string, method: string, args: unknown[]): Promise<void>;
  addVideo(id: string, kind: 'camera' | 'screen'): Promise<void>;
  see(id: string): SeenCall;
  takeIncoming(): string | undefined;
  readonly missed: readonly { uri: string }[];
  media(id: string): Promise<SeenMedia>;
  heardHz(id: string): Promise<number>;
}

declare global {
  interface Window {
    phone: InPage;
  }
}

/** Runs in the page. Self-contained: puppeteer sends its text. */
async function installPhone(address: string, password: string): Promise<void> {
  const { createConnection } = await import(new URL('/sylkrtc.js', location.origin).href);
  const server = `ws://${location.host}/webrtcgateway/ws`;
  const connection = createConnection({ server });
  await new Promise<void>((resolve) => {
    connection.on('stateChanged', (_old: string, now: string) => now === 'ready' && resolve());
  });
  const account = await new Promise<any>((resolve, reject) =>
    connection.addAccount({ account: address, password }, (error: Error | null, made: unknown) => (error ? reject(error) : resolve(made))));
  const seen = new Map<string, any>();
  const untaken: string[] = [];
  const watch = (call: any) => {
    const record = { call, states: [call.state], events: [] as { name: string; detail: unknown }[], reason: undefined as string | undefined };
    seen.set(call.id, record);
    call.on('stateChanged', (_old: string, now: string, data: { reason?: string } | undefined) => {
      record.states.push(now);
      if (now === 'terminated') record.reason = data?.reason;
    });
    for (const name of ['hold', 'dtmf', 'updateRequest', 'mediaUpdated', 'updateFailed', 'media', 'replaced', 'resumed', 'streamAdded']) {
      call.on(name, (detail: any) => record.events.push({ name, detail: name === 'streamAdded' || name === 'updateFailed' ? String(detail) : detail }));
    }
  };
  account.on('outgoingCall', watch);
  account.on('incomingCall', (call: any) => {
    watch(call);
    untaken.push(call.id);
  });
  const missed: { uri: string }[] = [];
  account.on('missedCall', ({ originator }: { originator: { uri: string } }) => missed.push({ uri: originator.uri }));
  const registered = new Promise<void>((resolve, reject) =>
    account.on('registrationStateChanged', (_old: string, now: string, data: { reason?: string }) => {
      if (now === 'registered') resolve();
      if (now === 'failed') reject(new Error(data?.reason));
    }));
  account.register();
  await registered;
  const stream = (video: boolean) => navigator.mediaDevices.getUserMedia({ audio: true, video: video ? { width: 640, height: 480 } : false });
  const find = (id: string) => seen.get(id) ?? (() => { throw new Error(`no call ${id}`); })();
  const listeners = new Map<MediaStreamTrack, AnalyserNode>();
  const context = new AudioContext();
  const analyserOf = (track: MediaStreamTrack) => {
    const known = listeners.get(track);
    if (known) return known;
    // Chromium decodes a remote stream only for somebody who plays it.
    const player = new Audio();
    player.srcObject = new MediaStream([track]);
    player.muted = true;
    void player.play();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    listeners.set(track, analyser);
    return analyser;
  };
  const remoteTracks = (call: any, kind: string): MediaStreamTrack[] =>
    call.getReceivers().map((receiver: RTCRtpReceiver) => receiver.track).filter((track: MediaStreamTrack | null) => track?.kind === kind);
  window.phone = {
    async call(uri, media) {
      const call = account.call(uri, { localStream: await stream(media.video === true), headers: media.headers });
      return call.id;
    },
    async answer(id, media) {
      find(id).call.answer({ localStream: await stream(media.video === true) });
    },
    async act(id, method, args) {
      await find(id).call[method](...args);
    },
    async addVideo(id, kind) {
      const localStream = kind === 'camera'
        ? await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } })
        : drawnScreen();
      // Its promise waits for the other side's consent, which the test gives only later.
      void find(id).call.addVideo({ localStream });
    },
    see(id) {
      const { call, states, events, reason } = find(id);
      return { id, direction: call.direction, state: call.state, states, reason, callId: call.callId, events };
    },
    takeIncoming: () => untaken.shift(),
    missed,
    async media(id) {
      const counted = { audioPackets: 0, audioLost: 0, videoFrames: 0, videoWidth: 0, videoLost: 0, videoPackets: 0 } as any;
      for (const receiver of find(id).call.getReceivers() as RTCRtpReceiver[]) {
        const report = await receiver.getStats();
        report.forEach((entry: any) => {
          if (entry.type !== 'inbound-rtp') return;
          const codec = report.get(entry.codecId)?.mimeType;
          if (entry.kind === 'audio') Object.assign(counted, { audioPackets: entry.packetsReceived, audioLost: entry.packetsLost, audioCodec: codec });
          else Object.assign(counted, { videoFrames: entry.framesDecoded ?? 0, videoWidth: entry.frameWidth ?? 0, videoPackets: entry.packetsReceived, videoLost: entry.packetsLost, videoCodec: codec });
        });
      }
      return counted;
    },
    async heardHz(id) {
      const track = remoteTracks(find(id).call, 'audio')[0];
      if (!track) return 0;
      const analyser = analyserOf(track);
      await new Promise((resolve) => setTimeout(resolve, 250));
      const bins = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(bins);
      let best = 0;
      for (let bin = 1; bin < bins.length; bin++) if ((bins[bin] ?? -Infinity) > (bins[best] ?? -Infinity)) best = bin;
      return (bins[best] ?? -Infinity) > -70 ? (best * context.sampleRate) / analyser.fftSize : 0;
    },
  };
  function drawnScreen(): MediaStream {
    const canvas = Object.assign(document.createElement('canvas'), { width: 800, height: 600 });
    const pen = canvas.getContext('2d');
    let step = 0;
    setInterval(() => {
      if (!pen) return;
      pen.fillStyle = `hsl(${step++ % 360} 80% 50%)`;
      pen.fillRect(0, 0, 800, 600);
    }, 50);
    return canvas.captureStream(20);
  }
}
