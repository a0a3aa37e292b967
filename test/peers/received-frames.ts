import type { Page } from 'puppeteer-core';

export interface SessionEvent {
  readonly seq: number;
  /** `ringing`, `update accepted`, `hold` */
  readonly name: string;
}

/** The frames that a page has got over its WebSockets, one after another and all together, as its browser saw them. */
export class ReceivedFrames {
  readonly #texts: string[] = [];

  /** From now on. */
  static async of(page: Page): Promise<ReceivedFrames> {
    const frames = new ReceivedFrames();
    const client = await page.createCDPSession();
    client.on('Network.webSocketFrameReceived', ({ response }) => frames.#texts.push(response.payloadData));
    await client.send('Network.enable');
    return frames;
  }

  /** The events of a session, in the order in which they came. */
  events(session: string): SessionEvent[] {
    return this.#texts
      .map((text) => Object(JSON.parse(text)))
      .filter((frame) => frame.sylkrtc === 'session-event' && frame.session === session)
      .map(({ seq, event, state }) => ({
        seq: Number(seq),
        name: event === 'state' ? String(state) : [event, state].filter(Boolean).join(' '),
      }));
  }

  /** Waits for the last event of a session, and then a moment for what may come after it. */
  async ended(session: string): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      if (this.events(session).some(({ name }) => name === 'terminated')) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
