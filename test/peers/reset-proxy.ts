import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of the gateway whose connections a test can reset, as a network does that loses its state. */
export interface ResetProxy {
  readonly port: number;
  /** Resets all connections that are open now (RST to both sides). */
  reset(): void;
  /** While closed, new connections are reset at once. */
  close(isClosed: boolean): void;
  /** Calls back with each chunk that the gateway sends; `true` resets the connection before it is passed on. */
  watch(watcher: ((chunk: Buffer, direction: 'up' | 'down') => boolean) | undefined): void;
  stop(): Promise<void>;
}

export async function startResetProxy(targetPort: number): Promise<ResetProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let isClosed = false;
  let watcher: ((chunk: Buffer, direction: 'up' | 'down') => boolean) | undefined;
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
      if (watcher?.(chunk, direction)) return drop(pair);
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

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  return address.port;
}
