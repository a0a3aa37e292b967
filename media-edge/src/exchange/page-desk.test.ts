import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PageAnswer } from '@sylk/protocol/edge/pages.ts';
import type { CallerAnswer } from '@sylk/protocol/edge/phones.ts';
import { aor, edgeId } from '@sylk/protocol/ids.ts';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { silentLog } from '../ports/log.ts';
import type { Received } from '../ports/message-accounts.ts';
import type { IncomingPage, PageToSend } from '../ports/sip-messages.ts';
import { PageDesk } from './page-desk.ts';

const place = { key: 'k', contact: 'sip:alice@192.0.2.7', q: 1000, path: [] };
const message = {
  kind: 'message',
  id: 'm1',
  contentType: 'text/plain',
  content: 'hi',
  at: 5,
  wantsDelivery: true,
  wantsDisplay: false,
} as const;
const claim = {
  aor: aor('carol@sylk.test'),
  network: '192.0.2.1',
  claim: {
    algorithm: 'MD5',
    isSession: false,
    username: 'carol',
    realm: 'sylk.test',
    nonce: 'n',
    response: 'r',
    ha2: 'h',
  },
} as const;

interface World {
  readonly answer?: PageAnswer | Error;
  readonly caller?: CallerAnswer;
  readonly hasLease?: boolean;
}

function desk({ answer = { status: 'stored' }, caller = { status: 'wrong' }, hasLease = true }: World = {}) {
  const kept: Received<'message' | 'disposition' | 'composing'>[] = [];
  const sent: PageToSend[] = [];
  const keep = async (received: Received<'message' | 'disposition' | 'composing'>) => {
    kept.push(received);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const it = new PageDesk({
    sip: {
      send: async (page) => {
        sent.push(page);
        return { code: 486, reason: 'Busy Here' };
      },
      onMessage: () => undefined,
    },
    phones: { caller: async () => caller },
    accounts: { message: keep, disposition: keep, composing: keep },
    own: () => ({ domain: 'sylk.test', aliases: ['alias.test'], sipPort: 5060 }),
    hasLease: () => hasLease,
    clock: new FakeClock(),
    log: silentLog,
  });
  const take = (change: Partial<IncomingPage> = {}) =>
    it.take({
      from: { uri: aor('bob@phones.example'), displayName: 'Bob' },
      to: aor('alice@sylk.test'),
      body: message,
      ...change,
    });
  return { take, kept, sent };
}

describe('a message from SIP', () => {
  const codes: readonly (readonly [PageAnswer, number])[] = [
    [{ status: 'stored' }, 200],
    [{ status: 'away' }, 202],
    [{ status: 'unknown' }, 404],
    [{ status: 'blocked' }, 404],
    [{ status: 'expired' }, 410],
    [{ status: 'forbidden' }, 403],
    [{ status: 'limited', retryAfterS: 30 }, 480],
  ];
  for (const [answer, code] of codes)
    it(`that is ${answer.status} is answered ${code}`, async () => {
      const { take, kept } = desk({ answer });
      assert.equal((await take()).code, code);
      assert.equal(kept.length, 1);
    });

  it('is not answered well before it is kept', async () => {
    assert.equal((await desk({ answer: new Error('no answer in time') }).take()).code, 503);
    assert.equal((await desk({ hasLease: false }).take()).code, 503);
  });

  it('goes to the phones of the account too, whatever they make of it', async () => {
    const { take, sent } = desk({ answer: { status: 'stored', phones: [{ ...place, edge: edgeId('e2') }] } });
    assert.equal((await take()).code, 200);
    assert.deepEqual(sent, [
      {
        ...message,
        from: { aor: 'bob@phones.example', displayName: 'Bob' },
        to: 'alice@sylk.test',
        place: { ...place, edge: edgeId('e2') },
      },
    ]);
  });

  it('is not relayed to elsewhere, unless its sender has proven to be one of ours', async () => {
    const { take, kept } = desk();
    assert.equal((await take({ to: aor('dave@elsewhere.example') })).code, 404);
    assert.equal(kept.length, 0);
    const ours = desk({ caller: { status: 'right', aor: claim.aor, displayName: 'Carol' } });
    assert.equal((await ours.take({ to: aor('dave@elsewhere.example'), caller: claim })).code, 200);
    assert.equal(ours.kept[0]?.proven, 'carol@sylk.test');
    assert.equal(ours.kept[0]?.from.uri, 'carol@sylk.test');
  });

  it('of a wrong password, or of an address that is over, is refused', async () => {
    assert.equal((await desk().take({ caller: claim })).code, 403);
    assert.equal((await desk({ caller: { status: 'expired' } }).take({ caller: claim })).code, 410);
    const reply = await desk({ caller: { status: 'refused', retryAfterS: 9 } }).take({ caller: claim });
    assert.deepEqual([reply.code, reply.retryAfterS], [480, 9]);
  });

  it('for a phone that is connected here goes there, and its answer back', async () => {
    const { take, sent, kept } = desk();
    assert.deepEqual(await take({ phone: place }), { code: 486, phrase: 'Busy Here' });
    assert.deepEqual([sent.length, kept.length], [1, 0]);
  });

  it('by a provider is for the account that has registered there', async () => {
    const { take, kept } = desk();
    await take({ to: aor('u123@192.0.2.1'), account: { aor: aor('alice@provider.test'), credentials: 'c1' } });
    assert.deepEqual([kept[0]?.to, kept[0]?.credentials], ['alice@provider.test', 'c1']);
  });
});
