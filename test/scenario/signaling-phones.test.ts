import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { type DigestClaim, digestResponse } from '@sylk/protocol/digest-claim.ts';
import type { ContactsOrder, RegisterAnswer } from '@sylk/protocol/edge/phones.ts';
import type { EdgeReport, ReportResults } from '@sylk/protocol/edge/reports.ts';
import { type Aor, aor, sessionId } from '@sylk/protocol/ids.ts';
import { maxPhonesPerAccount } from '@sylk/protocol/limits.ts';
import {
  allowNumbers,
  blockAddress,
  givePermanentAddress,
  removeAddress,
} from '../../functions/src/signaling/account/addresses.ts';
import { handleReport } from '../../functions/src/signaling/edge-events.ts';
import { alice, domain, edge, generation, SignalingCore } from '../fakes/signaling-core.ts';

const bob = aor(`bob@${domain}`);
const hashes = { MD5: 'md5', 'SHA-256': 'sha256' } as const;

interface Claiming {
  readonly user?: string;
  readonly password?: string;
  readonly realm?: string;
  readonly algorithm?: keyof typeof hashes;
}

const claimOf = ({ user = 'alice', password = 'desk', realm = domain, algorithm = 'SHA-256' }: Claiming) => {
  const hash = (text: string) => createHash(hashes[algorithm]).update(text).digest('hex');
  const protection = { qop: 'auth', cnonce: 'c', nc: '00000001' } as const;
  const terms = { algorithm, isSession: false, nonce: 'n', ha2: hash('REGISTER:sip:sylk.test'), protection } as const;
  const response = digestResponse(hash, hash(`${user}:${realm}:${password}`), terms);
  return { ...terms, username: user, realm, response } satisfies DigestClaim;
};

const contact = (key: string, expiresS = 3600, q = 1000) => ({
  key,
  contact: `sip:alice@192.0.2.9;x=${key}`,
  q,
  path: [],
  expiresS,
});

let core: SignalingCore;
let reports = 0;

beforeEach(async () => {
  core = new SignalingCore();
  for (const name of ['alice', 'bob'])
    await givePermanentAddress(core.services, { name, password: 'desk', displayName: name });
});

const tells = async <Kind extends 'register' | 'caller' | 'may-dial' | 'ring'>(
  report: Extract<EdgeReport, { kind: Kind }>,
): Promise<ReportResults[EdgeReport['kind']]> => {
  const answer = await handleReport(core.services, edge, report);
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.result;
};

interface Asked extends Claiming {
  readonly aor?: Aor;
  readonly callId?: string;
  readonly cseq?: number;
  readonly id?: string;
}

const register = (order: ContactsOrder, { aor: who = alice, callId = 'c', cseq, id, ...claim }: Asked = {}) =>
  tells<'register'>({
    kind: 'register',
    id: id ?? `r${++reports}`,
    edge,
    generation,
    aor: who,
    network: '192.0.2.9',
    claim: claimOf(claim),
    callId,
    cseq: cseq ?? ++reports,
    order,
  });

const set = (...contacts: ReturnType<typeof contact>[]): ContactsOrder => ({ do: 'set', contacts });
const done = (...contacts: ReturnType<typeof contact>[]): RegisterAnswer => ({ status: 'done', contacts });
const rings = () =>
  tells<'ring'>({
    kind: 'ring',
    id: `r${++reports}`,
    edge,
    generation,
    aor: alice,
    session: sessionId('s1'),
    originator: { uri: 'carol@example.org' },
  });

describe('a phone that registers', () => {
  it('is known by either algorithm, and found when its account is called', async () => {
    assert.deepEqual(await register(set(contact('md5')), { algorithm: 'MD5' }), done(contact('md5')));
    assert.deepEqual(await register(set(contact('sha'))), done(contact('md5'), contact('sha')));
    const answer = await rings();
    assert.ok('phones' in answer);
    assert.deepEqual(
      answer.phones?.map(({ key, edge: at }) => [key, at]),
      [
        ['md5', edge],
        ['sha', edge],
      ],
    );
  });

  it('is refused with a wrong password, another’s name, another realm, and where no such account is', async () => {
    const wrong = { status: 'wrong' };
    assert.deepEqual(await register(set(contact('a')), { password: 'other' }), wrong);
    assert.deepEqual(await register(set(contact('a')), { user: 'bob' }), wrong);
    assert.deepEqual(await register(set(contact('a')), { realm: 'elsewhere.test' }), wrong);
    assert.deepEqual(await register(set(contact('a')), { user: 'carol', aor: aor(`carol@${domain}`) }), wrong);
    assert.deepEqual(await register(set(contact('a')), { aor: aor('alice@elsewhere.test') }), wrong);
    assert.deepEqual(await rings(), { status: 'away' });
  });

  it('is refused for a while after many wrong passwords, with the right one as well', async () => {
    for (let tries = 0; tries < 30; tries++) await register({ do: 'list' }, { password: `guess${tries}` });
    const answer = await register({ do: 'list' });
    assert.ok('retryAfterS' in answer && answer.retryAfterS > 0, JSON.stringify(answer));
    assert.deepEqual(await register({ do: 'list' }, { user: 'bob', aor: bob }), done());
  });

  it('is refused while its account is blocked, and forgotten by that', async () => {
    await register(set(contact('a')));
    await blockAddress(core.services, alice);
    assert.deepEqual(await register(set(contact('a'))), { status: 'blocked' });
    assert.deepEqual(await core.store.phones.of(alice, core.now), []);
  });

  it('is forgotten when its account is removed', async () => {
    await register(set(contact('a')));
    await removeAddress(core.services, alice);
    assert.deepEqual(await register(set(contact('a'))), { status: 'wrong' });
    assert.deepEqual(await core.store.phones.of(alice, core.now), []);
  });

  it('is there as long as it said, counted down', async () => {
    await register(set(contact('a', 60)));
    core.now += 20_000;
    assert.deepEqual(await register({ do: 'list' }), done(contact('a', 40)));
    core.now += 40_000;
    assert.deepEqual(await register({ do: 'list' }), done());
    assert.deepEqual(await rings(), { status: 'away' });
  });

  it('changes all of its contacts or none when one is late', async () => {
    await register(set(contact('a')), { callId: 'x', cseq: 7 });
    const late = await register(set(contact('b'), contact('a', 60)), { callId: 'x', cseq: 7 });
    assert.deepEqual(late, { status: 'out-of-order' });
    assert.deepEqual(await register({ do: 'list' }), done(contact('a')));
    assert.deepEqual(await register({ do: 'clear' }, { callId: 'x', cseq: 6 }), { status: 'out-of-order' });
    assert.deepEqual(await register({ do: 'clear' }, { callId: 'x', cseq: 8 }), done());
  });

  it('gets the same answer when its report is repeated', async () => {
    const asked = { callId: 'x', cseq: 7, id: 'same' };
    assert.deepEqual(await register(set(contact('a')), asked), done(contact('a')));
    assert.deepEqual(await register(set(contact('a')), asked), done(contact('a')));
  });

  it('has no more contacts than allowed, but may refresh and replace its own', async () => {
    const many = Array.from({ length: maxPhonesPerAccount }, (_, index) => contact(`k${index}`));
    await register(set(...many));
    assert.deepEqual(await register(set(contact('more'))), { status: 'full' });
    assert.equal('contacts' in (await register(set(contact('k0', 60)))), true);
    assert.equal('contacts' in (await register(set(contact('k0', 0), contact('more')))), true);
  });
});

describe('a phone that calls', () => {
  const calls = (claim: Claiming = {}) =>
    tells<'caller'>({ kind: 'caller', id: `r${++reports}`, aor: alice, network: '192.0.2.9', claim: claimOf(claim) });

  it('is known by its password', async () => {
    assert.deepEqual(await calls(), { status: 'right', aor: alice, displayName: 'alice' });
    assert.deepEqual(await calls({ password: 'other' }), { status: 'wrong' });
  });

  it('may call as often as a page', async () => {
    const { settings } = core.services;
    for (let call = 0; call < settings.callsPerMinute; call++) await calls();
    const answer = await calls();
    assert.ok('retryAfterS' in answer && answer.retryAfterS <= 60, JSON.stringify(answer));
  });

  it('dials numbers only when the operator has allowed it', async () => {
    const asks = () => tells<'may-dial'>({ kind: 'may-dial', id: `r${++reports}`, aor: alice });
    assert.deepEqual(await asks(), { allowed: false });
    await allowNumbers(core.services, alice, true);
    assert.deepEqual(await asks(), { allowed: true });
    await blockAddress(core.services, alice);
    assert.deepEqual(await asks(), { allowed: false });
  });
});
