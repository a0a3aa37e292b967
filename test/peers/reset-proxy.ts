import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** @returns whether this frame must not arrive; `up` is towards the gateway */
export type FrameWatcher = (text: string, direction: 'up' | 'down') => boolean;

/** A TCP proxy in front of the gateway whose connections a test can reset, as a network does that loses its state. */
export interface ResetProxy {
  readonly port: number;
  /** Resets all connections that are open now (RST to both sides). */
  reset(): void;
  /** While closed, new connections are reset at once. */
  close(isClosed: boolean): void;
  /** Shows it each frame of a WebSocket; `true` resets the connection before the frame is passed on. */
  watch(watcher: FrameWatcher | undefined): void;
  stop(): Promise<void>;
}

export async function startResetProxy(targetPort: number): Promise<ResetProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let isClosed = false;
  let watcher: FrameWatcher | undefined;
  const server = createServer((client) => {
    if (isClosed) return void client.resetAndDestroy();
    const target = connect(targetPort, '127.0.0.1');
    const pair: [Socket, Socket] = [client, target];
    pairs.add(pair);
    pipe(client, target, pair, 'up');
    pipe(target, client, pair, 'down');
  });
  const drop = (pair: [Socket, Socket]) => {
    pairs.delete(pair);
    for (const socket of pair) socket.resetAndDestroy();
  };
  function pipe(from: Socket, to: Socket, pair: [Socket, Socket], direction: 'up' | 'down'): void {
    from.on('data', (chunk) => {
      if (watcher?.(frameText(chunk), direction)) return drop(pair);
      to.write(chunk);
    });
    from.on('end', () => to.end());
    from.on('close', () => {
      to.end();
      if (to.destroyed) pairs.delete(pair);
    });
    from.on('error', () => drop(pair));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server.address()),
    reset: () => [...pairs].forEach(drop),
    close: (closed) => {
      isClosed = closed;
    },
    watch: (next) => {
      watcher = next;
    },
    async stop() {
      [...pairs].forEach(drop);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The text of a frame, whose masking a client must do and a server must not (RFC 6455 s. 5.2). */
function frameText(chunk: Buffer): string {
  const length = chunk.at(1) ?? 0;
  if (length < 0x80) return chunk.toString('latin1');
  const start = 2 + (extendedLength[length & 0x7f] ?? 0);
  const mask = chunk.subarray(start, start + 4);
  return Buffer.from(chunk.subarray(start + 4).map((byte, index) => byte ^ (mask[index % 4] ?? 0))).toString('latin1');
}

/** Bytes of the length, where the first is not enough. */
const extendedLength: Readonly<Record<number, number>> = { 126: 2, 127: 8 };

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  return address.port;
}
