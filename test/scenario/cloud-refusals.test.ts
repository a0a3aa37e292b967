import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { edgeId } from '@sylk/protocol/ids.ts';
import { linkTokenMs } from '@sylk/protocol/limits.ts';
import { mintLinkToken } from '@sylk/protocol/link-token.ts';
import { WebSocket } from 'ws';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import { at, textAt } from '../cloud/json-path.ts';
import { Talker } from '../cloud/talker.ts';

const edge = edgeId('edge-of-this-test');

describe('what the cloud refuses', () => {
  let cloud: Cloud;
  const sockets: WebSocket[] = [];
  before(async () => {
    cloud = await startCloud();
  });
  after(async () => {
    for (const socket of sockets) socket.terminate();
    await cloud?.stop();
  });

  const linkSecret = (): string => {
    const { properties } = cloud.deployment.templates.only('AWS::ECS::TaskDefinition');
    const arn = textAt(at(properties, 'ContainerDefinitions', 0, 'Secrets', 0), 'ValueFrom');
    return cloud.secrets.get(arn) ?? '';
  };
  const token = (secret: string, madeAt = Date.now()): string =>
    mintLinkToken(edge, randomUUID(), madeAt, (text) => createHmac('sha256', secret).update(text).digest('base64url'));
  /** @returns `open`, or the HTTP status of the refusal */
  const link = async (query: string, protocol = 'edge.v1'): Promise<{ socket: WebSocket; outcome: string }> => {
    const { id, stage } = cloud.edgeApi.definition;
    const socket = new WebSocket(`${cloud.endpoint.replace('http', 'ws')}/${id}/${stage}${query}`, protocol);
    sockets.push(socket);
    const refused = once(socket, 'unexpected-response').then(([, response]) => String(Object(response).statusCode));
    // Reported as an error as well.
    socket.on('error', () => undefined);
    return { socket, outcome: await Promise.race([once(socket, 'open').then(() => 'open'), refused]) };
  };
  const answerTo = async (socket: WebSocket, report: object): Promise<string> => {
    const heard = once(socket, 'message');
    socket.send(JSON.stringify(report));
    return String((await heard)[0]);
  };
  const hello = (generation: number) => ({
    kind: 'hello',
    id: randomUUID(),
    edge,
    generation,
    version: '0.0.1',
    load: { calls: 0, cpu: 0, draining: true },
  });

  it('an edge without a token, with a wrong or an expired one, and with one that was used', async () => {
    assert.equal((await link('')).outcome, '401');
    assert.equal((await link(`?token=${token('a guess')}`)).outcome, '401');
    assert.equal((await link(`?token=${token(linkSecret(), Date.now() - linkTokenMs)}`)).outcome, '401');
    const good = token(linkSecret());
    assert.equal((await link(`?token=${good}`)).outcome, 'open');
    assert.equal((await link(`?token=${good}`)).outcome, '401');
    const said = cloud.log.filter((line) => line.includes('a link was refused')).join('\n');
    assert.match(said, /not genuine/);
    assert.match(said, /expired/);
    assert.match(said, /used before/);
  });

  it('an edge that speaks another version of the link, or says what this one does not know', async () => {
    assert.equal((await link(`?token=${token(linkSecret())}`, 'edge.v0')).outcome, '406');
    const { socket } = await link(`?token=${token(linkSecret())}`);
    socket.send('{"kind":"greet","id":"r-1"}');
    assert.match(await answerTo(socket, hello(7)), /"ok":true/);
    assert.ok(cloud.log.some((line) => line.includes('an edge sent nonsense') && line.includes('kind')));
  });

  it('an edge of an older life, and one that reports in the name of another', async () => {
    const { socket } = await link(`?token=${token(linkSecret())}`);
    assert.match(await answerTo(socket, hello(8)), /"ok":true/);
    assert.match(await answerTo(socket, hello(6)), /generation 6 of edge-of-this-test is replaced by 8/);
    const other = { ...hello(9), edge: 'edge-of-others' };
    assert.match(await answerTo(socket, other), /this link is of edge-of-this-test, not of edge-of-others/);
  });

  it('a message over the limits: an error in words', async () => {
    const alice = await Talker.signedIn(cloud);
    const long = {
      sylkrtc: 'session-create',
      session: 's',
      account: alice.account.address,
      uri: 'x'.repeat(300),
      sdp: '',
    };
    await assert.rejects(alice.client.ask(long), /was refused: .*255/);
    await assert.rejects(
      alice.client.ask({ ...long, uri: 'bob@example.org', sdp: 'x'.repeat(25_000) }),
      /was refused: /,
    );
    await alice.close();
  });

  it('a store that does not answer: an error, and never an ack', async () => {
    const alice = await Talker.signedIn(cloud);
    await cloud.table.stop();
    const request = { sylkrtc: 'account-add', account: alice.account.address, password: '0'.repeat(32) };
    await assert.rejects(alice.client.ask(request), /was refused: (Internal error|The server took too long)/);
    assert.ok(cloud.log.some((line) => line.includes('AWS has not answered')));
    await alice.close();
  });
});
