import { isJsonObject, type JsonObject, parseJson } from '@sylk/protocol/json.ts';
import { WebSocket } from 'ws';

export interface RawClientOptions {
  readonly port: number;
  /** Sub-protocols offered. */
  readonly protocols?: string[];
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A sylkRTC client that adds nothing of its own: it sends what it is told and shows what comes, in order. */
export class RawClient {
  readonly #socket: WebSocket;
  readonly #frames: JsonObject[] = [];
  readonly #waiting: ((frame: JsonObject) => void)[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #transactions = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(data.toString()));
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** Opens a connection. @throws with the HTTP status when the handshake is refused */
  static open({
    port,
    protocols = ['sylkRTC-2'],
    path = '/webrtcgateway/ws',
    headers = {},
  }: RawClientOptions): Promise<RawClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers });
    // Listening from the start: the first frame may come together with the end of the handshake.
    const client = new RawClient(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client));
      socket.once('unexpected-response', (_, response) => {
        reject(new Error(`${response.statusCode} ${response.statusMessage}`));
      });
      socket.once('error', reject);
    });
  }

  /** Opens a connection and takes its ready event. */
  static async ready(options: RawClientOptions): Promise<RawClient> {
    const client = await RawClient.open(options);
    await client.next();
    return client;
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  /** Sends an object, or text and bytes as they are. @returns the transaction */
  send(message: object | string | Buffer): string {
    if (typeof message === 'string' || Buffer.isBuffer(message)) {
      this.#socket.send(message);
      return '';
    }
    this.#transactions += 1;
    const whole = { transaction: `t${this.#transactions}`, ...message };
    this.#socket.send(JSON.stringify(whole));
    return whole.transaction;
  }

  /** The next frame from the server. */
  next(): Promise<JsonObject> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Sends a request and takes the next frame, which must be its reply. @returns `ack`, or the text of the error */
  async asks(message: object): Promise<string> {
    const transaction = this.send(message);
    const reply = await this.next();
    if (reply.transaction !== transaction)
      throw new Error(`expected the reply to ${transaction}, got ${JSON.stringify(reply)}`);
    return reply.sylkrtc === 'ack' ? 'ack' : String(reply.error);
  }

  /** Frames that came and were not taken, after everything sent before has been answered. */
  async rest(): Promise<readonly JsonObject[]> {
    const transaction = this.send({ sylkrtc: 'ping' });
    const rest: JsonObject[] = [];
    for (let frame = await this.next(); frame.transaction !== transaction; frame = await this.next()) rest.push(frame);
    return rest;
  }

  close(): void {
    this.#socket.close();
  }

  /** The network fails: no close frame. */
  lose(): void {
    this.#socket.terminate();
  }

  /** Stops reading, as a client does whose machine sleeps. */
  stopReading(): void {
    this.#socket.pause();
  }

  #receive(text: string): void {
    const frame = parseJson(text);
    if (!isJsonObject(frame)) throw new Error(`not an object: ${text}`);
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#frames.push(frame);
    else waiting(frame);
  }
}
