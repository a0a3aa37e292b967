import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { ContactsOrder } from '@sylk/protocol/edge/phones.ts';
import { aor, callId } from '@sylk/protocol/ids.ts';
import { systemClock } from '../../media-edge/src/main/system-clock.ts';
import { peerNetworks } from '../../media-edge/src/network/peer-networks.ts';
import type { IncomingInvite } from '../../media-edge/src/ports/sip-endpoint.ts';
import { type GatewaySipEndpoint, openSipEndpoint } from '../../media-edge/src/sip/sip-endpoint.ts';
import { FakeSfu } from '../fakes/fake-sfu.ts';
import { FakeSipPeer } from '../fakes/fake-sip-peer.ts';
import { freePort } from '../peers/ports.ts';

/** Two edges of one installation; the phone has registered at the first. */
let holder: GatewaySipEndpoint;
let other: GatewaySipEndpoint;
let holderPort: number;
let orders: ContactsOrder[];
let phone: FakeSipPeer;

async function openEdge(port: number): Promise<GatewaySipEndpoint> {
  const edge = await openSipEndpoint({
    addresses: ['127.0.0.1'],
    port,
    clock: systemClock,
    networks: peerNetworks(['127.0.0.0/8']),
    isOurDomain: (host) => host === 'sylk.test',
  });
  const accounts = {
    register: async ({ order }: { readonly order: ContactsOrder }) => {
      orders.push(order);
      return { status: 'done', contacts: [] } as const;
    },
    caller: async () => ({ status: 'wrong' }) as const,
  };
  edge.phones.serve({ accounts, domain: 'sylk.test', secret: 'of the installation' });
  return edge;
}

before(async () => {
  orders = [];
  holderPort = await freePort();
  holder = await openEdge(holderPort);
  other = await openEdge(await freePort());
  phone = await FakeSipPeer.listen({ user: 'alice' });
});

after(() => Promise.all([holder.close(), phone.close()]));

const register = (more: readonly string[]) =>
  [
    'REGISTER sip:sylk.test SIP/2.0',
    `Via: ${phone.via(`z9hG4bK${Math.random().toString(36).slice(2)}`)}`,
    'From: <sip:alice@sylk.test>;tag=1',
    'To: <sip:alice@sylk.test>',
    'Call-ID: register-of-alice',
    `CSeq: ${more.length + 1} REGISTER`,
    `Contact: ${phone.contact};reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"`,
    'Supported: path, outbound',
    ...more,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

async function registered(): Promise<void> {
  phone.sendTo('127.0.0.1', holderPort, register([]));
  const nonce = /nonce="([^"]+)"/.exec((await phone.receives('401')).header('WWW-Authenticate'))?.[1] ?? '';
  const uri = 'sip:sylk.test';
  const response = md5(`${md5('alice:sylk.test:secret')}:${nonce}:00000001:c:auth:${md5(`REGISTER:${uri}`)}`);
  const proof = `Digest username="alice", realm="sylk.test", nonce="${nonce}", uri="${uri}", response="${response}"`;
  phone.sendTo(
    '127.0.0.1',
    holderPort,
    register([`Authorization: ${proof}, algorithm=MD5, qop=auth, nc=00000001, cnonce="c"`]),
  );
  await phone.receives('200');
}

const dial = async (edge: GatewaySipEndpoint, path: readonly string[]): Promise<void> => {
  const router = await new FakeSfu().createRouter([]);
  const leg = edge.dial({
    callId: callId(`${Math.random()}@sylk.test`),
    from: { aor: aor('bob@sylk.test') },
    to: 'alice@sylk.test',
    place: { key: 'k', contact: phone.contact.slice(1, -1), q: 1000, path: [...path], instance: 'i', regId: 1 },
    headers: [],
    headerPrefixes: [],
    router,
    trace: () => undefined,
  });
  leg.listen(() => undefined);
  await leg.start({ lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [pcmu] }] });
};

const pcmu = { mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0, parameters: {} };

describe('a phone whose flow ends at one edge', () => {
  it('is registered with the name of that flow, signed', async () => {
    await registered();
    const [order] = orders;
    assert.ok(order?.do === 'set');
    const [contact] = order.contacts;
    assert.match(
      contact?.path.join() ?? '',
      new RegExp(`^<sip:[\\w-]+\\.[\\w-]{22}@127\\.0\\.0\\.1:${holderPort};lr>$`),
    );
    assert.equal(contact?.regId, 1);
  });

  it('is called by that edge straight', async () => {
    await dial(holder, pathOf());
    const invite = await phone.receives('INVITE');
    assert.equal(invite.startLine, `INVITE ${phone.contact.slice(1, -1)} SIP/2.0`);
    assert.equal(invite.header('Route'), '');
    phone.takes(invite).reply(486, 'Busy Here');
  });

  it('is called by another edge over the one that has the flow', async () => {
    const calls: IncomingInvite[] = [];
    const came = new Promise<void>((resolve) => {
      holder.onInvite((invite) => {
        calls.push(invite);
        resolve();
      });
    });
    await dial(other, pathOf());
    await came;
    const [invite] = calls;
    assert.deepEqual(invite?.phone?.path, pathOf());
    assert.equal(invite?.phone?.contact, phone.contact.slice(1, -1));
    invite?.reject({ code: 486, phrase: 'Busy Here', by: 'callee' });
  });

  it('is not called by a name of the flow that somebody made up', async () => {
    let isCalled = false;
    holder.onInvite((invite) => {
      isCalled = true;
      invite.reject({ code: 486, phrase: 'Busy Here', by: 'callee' });
    });
    const [path = ''] = pathOf();
    await dial(other, [path.replace(/\.[\w-]+@/, `.${'x'.repeat(22)}@`)]);
    await other.close();
    assert.equal(isCalled, false);
  });
});

function pathOf(): readonly string[] {
  const [order] = orders;
  return order?.do === 'set' ? (order.contacts[0]?.path ?? []) : [];
}
