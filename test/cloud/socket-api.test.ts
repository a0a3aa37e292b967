import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { answerConnections } from './connections-endpoint.ts';
import { Faults, type Mode } from './faults.ts';
import { FunctionError } from './function-process.ts';
import { at, textAt } from './json-path.ts';
import { Ledger } from './ledger.ts';
import { SocketApi } from './socket-api.ts';

const throttle = { rate: 1_000, burst: 1_000 };

interface Seen {
  readonly target: string;
  readonly event: unknown;
}

/** An API of API Gateway whose functions are in the test's hands. */
class Rig {
  readonly seen: Seen[] = [];
  readonly faults: Faults;
  readonly ledger = new Ledger();
  readonly api: SocketApi;
  onConnect: (event: unknown) => unknown = () => ({ statusCode: 200, headers: { 'sec-WEBSOCKET-protocol': 'one' } });
  onAuthorize: () => unknown = () => ({
    principalId: 'p',
    policyDocument: { Statement: [{ Effect: 'Allow' }] },
    context: { edge: 'e1', level: 3 },
  });

  constructor(modes: readonly Mode[], limits = { idleMs: 60_000, lifeMs: 60_000 }, isGuarded = false) {
    this.faults = new Faults(modes, 1);
    this.api = new SocketApi({
      definition: {
        id: 'api',
        stage: 'v1',
        routeField: 'action',
        routes: { $connect: 'connect', $default: 'default', $disconnect: 'disconnect', special: 'special' },
        ...(isGuarded && {
          authorizer: { id: 'a', functionArn: 'guard', identitySources: ['route.request.querystring.token'] },
        }),
        throttle,
        connectThrottle: throttle,
      },
      limits,
      faults: this.faults,
      ledger: this.ledger,
      invoke: async (target, _, event) => {
        this.seen.push({ target, event });
        if (target === 'guard') return this.onAuthorize();
        return target === 'connect' ? this.onConnect(event) : { statusCode: 200 };
      },
      onLog: () => undefined,
    });
  }

  async sees(target: string, count = 1): Promise<readonly unknown[]> {
    for (;;) {
      const found = this.seen.filter((one) => one.target === target);
      if (found.length >= count) return found.map(({ event }) => event);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

describe('a WebSocket API', () => {
  let server: Server;
  let port: number;
  let rig: Rig;

  before(async () => {
    server = createServer();
    server.on('upgrade', (request, tcp, head) => void rig.api.upgrade(request, Object(tcp), head));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  after(() => {
    rig.api.close();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    rig?.api.close();
    rig = new Rig([]);
  });

  const dial = (query = '') => new WebSocket(`ws://127.0.0.1:${port}/v1${query}`, ['two', 'one']);
  const opened = async (query = '') => {
    const socket = dial(query);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return socket;
  };
  const closed = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once('close', resolve));
  const status = (query = ''): Promise<number | undefined> =>
    new Promise((resolve) => {
      const socket = dial(query);
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('error', () => undefined);
    });
  const post = (id: string, text = 'x') =>
    answerConnections(rig.api, rig, { method: 'POST', id, body: Buffer.from(text), process: '' });
  const idOf = (event: unknown): string => textAt(event, 'requestContext', 'connectionId');

  it('the function chooses the sub-protocol, and is told once what it needs to know', async () => {
    const socket = await opened('?a=b');
    assert.equal(socket.protocol, 'one');
    const [event] = await rig.sees('connect');
    assert.equal(at(event, 'requestContext', 'eventType'), 'CONNECT');
    assert.equal(at(event, 'queryStringParameters', 'a'), 'b');
    assert.match(idOf(event), /^[\w-]{15}=$/);
    socket.send('{"action":"special"}');
    const [message] = await rig.sees('special');
    assert.equal(at(message, 'headers'), undefined);
    assert.equal(at(message, 'body'), '{"action":"special"}');
    socket.send('no JSON');
    await rig.sees('default');
    socket.close(4000, 'enough');
    const [end] = await rig.sees('disconnect');
    assert.equal(at(end, 'requestContext', 'disconnectStatusCode'), 4000);
  });

  it('the status that the function refuses with reaches the client', async () => {
    rig.onConnect = () => ({ statusCode: 406, body: 'no' });
    assert.equal(await status(), 406);
    rig.onConnect = () => {
      throw new FunctionError('Error', 'broken');
    };
    assert.equal(await status(), 502);
  });

  it('nothing can be posted before the function has returned, or after the end', async () => {
    const early: number[] = [];
    rig.onConnect = (event) => {
      early.push(post(idOf(event)).status);
      return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'one' } };
    };
    const socket = await opened();
    assert.deepEqual(early, [410]);
    const id = idOf((await rig.sees('connect'))[0]);
    const got = new Promise((resolve) => socket.once('message', (data) => resolve(String(data))));
    assert.equal(post(id, 'hello').status, 200);
    assert.equal(await got, 'hello');
    assert.equal(post(id, 'x'.repeat(128 * 1024 + 1)).status, 413);
    socket.close();
    await rig.sees('disconnect');
    assert.equal(post(id).error, 'GoneException');
    assert.equal(post('nonsense').status, 400);
  });

  it('an authoriser lets in or refuses, and its words come with every event', async () => {
    rig = new Rig([], undefined, true);
    assert.equal(await status(), 401);
    rig.onAuthorize = () => {
      throw new FunctionError('Unauthorized', 'Unauthorized');
    };
    assert.equal(await status('?token=t'), 401);
    rig.onAuthorize = () => ({ policyDocument: { Statement: [{ Effect: 'Deny' }] } });
    assert.equal(await status('?token=t'), 403);
    rig = new Rig([], undefined, true);
    const socket = await opened('?token=t');
    socket.send('x');
    const [message] = await rig.sees('default');
    assert.deepEqual(at(message, 'requestContext', 'authorizer'), { principalId: 'p', edge: 'e1', level: '3' });
  });

  it('binary ends with 1003, a long frame or message with 1009', async () => {
    const sends: readonly (readonly [(socket: WebSocket) => void, number])[] = [
      [(socket) => socket.send(Buffer.from([1, 2])), 1003],
      [(socket) => socket.send('x'.repeat(32 * 1024 + 1)), 1009],
      [
        (socket) => {
          for (let part = 0; part < 5; part += 1) socket.send('x'.repeat(30_000), { fin: part === 4 });
        },
        1009,
      ],
    ];
    for (const [send, code] of sends) {
      const socket = await opened();
      const end = closed(socket);
      send(socket);
      assert.equal(await end, code);
    }
    const socket = await opened();
    for (let part = 0; part < 4; part += 1) socket.send('x'.repeat(30_000), { fin: part === 3 });
    assert.deepEqual(
      (await rig.sees('default')).map((event) => textAt(event, 'body').length),
      [120_000],
    );
  });

  it('an idle connection and an old one end', async () => {
    rig = new Rig([], { idleMs: 150, lifeMs: 60_000 });
    assert.equal(await closed(await opened()), 1001);
    rig = new Rig([], { idleMs: 60_000, lifeMs: 100 });
    assert.equal(await closed(await opened()), 1001);
  });

  it('a lost end is told to nobody, and a failed connection may look open', async () => {
    rig = new Rig(['lost-disconnect']);
    const lost = await opened();
    lost.close();
    await closed(lost);
    rig.api.cutAll();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(rig.seen.filter(({ target }) => target === 'disconnect').length, 0);
  });

  it('messages may come twice', async () => {
    rig = new Rig(['duplicate']);
    const socket = await opened();
    for (let index = 0; index < 60; index += 1) socket.send(`{"n":${index}}`);
    await rig.sees('default', 61);
  });
});
