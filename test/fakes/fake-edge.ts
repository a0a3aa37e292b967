import { createHmac, randomBytes } from 'node:crypto';
import { encode as encodeFrame } from '@sylk/protocol/codec.ts';
import { decodeToEdge, encode, reportResult } from '@sylk/protocol/edge/codec.ts';
import type { Attachment, CommandDone, EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { EdgeReport, ReportAnswer, ReportResults } from '@sylk/protocol/edge/reports.ts';
import { type EdgeId, edgeId } from '@sylk/protocol/ids.ts';
import { leaseRenewMs } from '@sylk/protocol/limits.ts';
import { mintLinkToken } from '@sylk/protocol/link-token.ts';
import type { ServerMessage } from '@sylk/protocol/sylkrtc/events.ts';
import { WebSocket } from 'ws';

export interface FakeEdgeOptions {
  /** `http` port of signaling on this machine. */
  readonly port: number;
  readonly secret: string;
  readonly edge?: string;
  readonly generation?: number;
}

type Kind = EdgeCommand['kind'];
type CommandOf<K extends Kind> = Extract<EdgeCommand, { kind: K }>;
/** A report without its id; this type keeps the members of the union apart. */
type Draft = EdgeReport extends infer Report ? (Report extends { id: string } ? Omit<Report, 'id'> : never) : never;

/** A scripted media edge on a real link: it takes every command, and does what the test tells it to. */
export class FakeEdge {
  readonly edge: EdgeId;
  readonly generation: number;
  readonly #options: FakeEdgeOptions;
  readonly #sockets: WebSocket[] = [];
  readonly #received: EdgeCommand[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #answers = new Map<string, (answer: ReportAnswer) => void>();
  #renewals: NodeJS.Timeout | undefined;
  /** What the edge says to a command; a test may refuse some, or say nothing. */
  answer: (command: EdgeCommand) => CommandDone | undefined = ({ id }) => ({ kind: 'done', id, ok: true });

  constructor(options: FakeEdgeOptions) {
    this.#options = options;
    this.edge = edgeId(options.edge ?? 'edge-1');
    this.generation = options.generation ?? Date.now();
  }

  /** Opens a link, says hello on it, and renews the lease from then on. */
  static async dial(options: FakeEdgeOptions): Promise<FakeEdge> {
    const edge = new FakeEdge(options);
    await edge.addSocket();
    edge.#renewals = setInterval(() => {
      if (edge.#open() !== undefined) void edge.renew();
    }, leaseRenewMs);
    return edge;
  }

  /** A token as an edge makes it; `change` spoils it. */
  token(change: { secret?: string; at?: number } = {}): string {
    const secret = change.secret ?? this.#options.secret;
    const hmac = (text: string) => createHmac('sha256', secret).update(text).digest('base64url');
    return mintLinkToken(this.edge, randomBytes(16).toString('base64url'), change.at ?? Date.now(), hmac);
  }

  /** Opens one more socket. @returns what signaling answered to hello */
  async addSocket(token = this.token()): Promise<ReportResults['hello']> {
    const socket = await open(`ws://127.0.0.1:${this.#options.port}/edge/v1?token=${token}`);
    socket.on('message', (data) => this.#receive(data.toString(), socket));
    this.#sockets.push(socket);
    const { edge, generation } = this;
    const load = { calls: 0, cpu: 0, draining: false };
    return reportResult('hello', await this.report({ kind: 'hello', edge, generation, version: '0.1.0', load }));
  }

  async renew(load = { calls: 0, cpu: 0, draining: false }): Promise<ReportResults['renew']> {
    const { edge, generation } = this;
    return reportResult('renew', await this.report({ kind: 'renew', edge, generation, load }));
  }

  /** Sends a report. @returns the result; a refusal is an error */
  async report(draft: Draft, id = randomBytes(9).toString('base64url')): Promise<unknown> {
    const socket = this.#open();
    if (socket === undefined) throw new Error('the fake edge has no open socket');
    const { promise, resolve } = Promise.withResolvers<ReportAnswer>();
    this.#answers.set(id, resolve);
    socket.send(encode({ ...draft, id }));
    const answer = await promise;
    if (!answer.ok) throw new Error(answer.error);
    return answer.result;
  }

  /** Sends a frame to a browser. @returns whether its connection is gone */
  async post(connection: Attachment['connection'], message: ServerMessage): Promise<boolean> {
    const result = await this.report({ kind: 'post', connection, frame: encodeFrame(message) });
    return reportResult('post', result).gone;
  }

  /** Acknowledges a browser's request, as an edge does. */
  async acknowledge({ from, request }: CommandOf<'request'> | CommandOf<'resume'>): Promise<void> {
    await this.post(from.connection, { sylkrtc: 'ack', transaction: request.transaction });
  }

  async ring(aor: Attachment['aor'], session: CommandOf<'device-ready'>['session'], id?: string) {
    const { edge, generation } = this;
    const originator = { uri: 'carol@example.org', display_name: 'Carol' };
    return reportResult('ring', await this.report({ kind: 'ring', edge, generation, aor, session, originator }, id));
  }

  /** The next command of a kind; others that came before it stay. */
  async receives<K extends Kind>(kind: K): Promise<CommandOf<K>> {
    const isWanted = (command: EdgeCommand): command is CommandOf<K> => command.kind === kind;
    for (;;) {
      const command = this.#received.find(isWanted);
      if (command !== undefined) {
        this.#received.splice(this.#received.indexOf(command), 1);
        return command;
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Commands of a kind that came and were not fetched. */
  unread(kind: Kind): readonly EdgeCommand[] {
    return this.#received.filter((command) => command.kind === kind);
  }

  /** The process dies: no goodbye, no renewal. */
  vanish(): void {
    clearInterval(this.#renewals);
    for (const socket of this.#sockets) socket.terminate();
  }

  /** One socket is lost, the first opened first. */
  loseSocket(): void {
    this.#sockets.shift()?.terminate();
  }

  #open(): WebSocket | undefined {
    return this.#sockets.findLast(({ readyState }) => readyState === WebSocket.OPEN);
  }

  #receive(text: string, socket: WebSocket): void {
    const message = decodeToEdge(text);
    if (message.kind === 'answer') {
      this.#answers.get(message.id)?.(message);
      return;
    }
    this.#received.push(message);
    const done = this.answer(message);
    if (done !== undefined) socket.send(encode(done));
    for (const resume of [...this.#waiting]) {
      this.#waiting.delete(resume);
      resume();
    }
  }
}

const open = (url: string): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'edge.v1');
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
