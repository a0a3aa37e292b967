import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** A port that is free for TCP and UDP on all addresses at this moment. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = 18_000 + Math.floor(Math.random() * 12_000);
    if ((await bindsTcp(port)) && (await bindsUdp(port))) return port;
  }
  throw new Error('no free port found in 50 tries');
}

/** Ports for media, both ends included. */
export interface MediaBlock {
  readonly first: number;
  readonly last: number;
  /** As settings have it: `10000-10197`. */
  readonly text: string;
}

/** A block of ports that nobody else gets from here, in whatever process, while this one runs. */
export async function mediaBlock(): Promise<MediaBlock> {
  const start = Math.floor(Math.random() * blocks);
  for (let tries = 0; tries < blocks; tries++) {
    const first = firstOfBlocks + blockSize * ((start + tries) % blocks);
    // The last two stay out of the block: holding one of them is what keeps others away.
    const last = first + blockSize - 3;
    if (await holdsUdp(last + 2)) return { first, last, text: `${first}-${last}` };
  }
  throw new Error(`all ${blocks} blocks of ports are taken`);
}

/** Below the range of `freePort`, which ends below the kernel's own. */
const firstOfBlocks = 10_000;
const blockSize = 200;
const blocks = 40;

function bindsTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

/** Keeps the port until the process ends, and does not keep the process. */
function holdsUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', () => resolve(false));
    socket.bind(port, () => resolve(true));
  });
}

function bindsUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(port, () => socket.close(() => resolve(true)));
  });
}
