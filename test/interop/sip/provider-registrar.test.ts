/** What a registrar may answer besides challenges, from a SIPp that is told what. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { providerAccount, RegisteringEdge } from '../../peers/elsewhere.ts';
import { asks, challenge, RegistrarRuns, realm, takes } from '../../peers/registrar-runs.ts';

let edge: RegisteringEdge;
let runs: RegistrarRuns;

before(async () => {
  edge = await RegisteringEdge.open({ times: { expiresS: 60, retryMs: 100, maxRetryMs: 400 } });
  runs = new RegistrarRuns(edge);
});

after(() => edge.close());

describe('UAC at a registrar: what else it answers', () => {
  it('uac, REGISTER: offers Path and outbound, with an instance of its own', () =>
    runs.run(
      [
        { ...asks(), has: { Contact: 'reg-id=1', Expires: '60' } },
        takes({ has: { Contact: 'urn:uuid:[0-9a-f]{8}-' } }),
      ],
      {},
      async ({ registrar, account }) => {
        await registrar.succeeds();
        const [first = ''] = await registrar.requests();
        assert.match(first, /^Supported: path, outbound$/m);
        assert.match(first, new RegExp(`^Contact: <sip:${account.contact}@127.0.0.1:${edge.port}>;expires=60`, 'm'));
      },
    ));

  it('uac, refresh: comes before the end, with the nonce counted on and CSeq risen', () =>
    runs.run(
      [
        asks(challenge(', qop="auth"')),
        takes({ headers: ['Expires: 1'] }),
        takes({ has: { Authorization: 'nc=00000002', CSeq: '3 REGISTER' } }),
      ],
      {},
      async ({ registrar, outcome, account, seen }) => {
        assert.equal(outcome, 'registered');
        assert.equal(await edge.next(account.aor, seen), 'registered');
        await registrar.succeeds();
      },
    ));

  it('uac, refresh with a stale nonce: stays registered', () =>
    runs.run(
      [
        asks(challenge(', qop="auth"')),
        takes({ headers: ['Expires: 1'] }),
        asks(challenge(', qop="auth", stale=true', realm, 'n2')),
        takes({ has: { Authorization: 'nonce="n2".*nc=00000001' } }),
      ],
      {},
      async ({ registrar, account, seen }) => {
        assert.equal(await edge.next(account.aor, seen), 'registered');
        await registrar.succeeds();
      },
    ));

  it('uac, 423: asks again for as long as the registrar wants', () =>
    runs.registers([
      asks(),
      { status: '423 Interval Too Brief', headers: ['Min-Expires: 1800'] },
      takes({ has: { Expires: '1800', Contact: 'expires=1800' } }),
    ]));

  it('uac, 423 with a life beyond reason: gives up in words', () =>
    runs.run([asks(), { status: '423 Interval Too Brief', headers: ['Min-Expires: 999999999'] }], {}, ({ outcome }) => {
      assert.equal(outcome, '423 Interval Too Brief');
    }));

  it('uac, 503 with Retry-After: tells it, waits as asked, and registers then', () =>
    runs.run(
      [asks(), { status: '503 Service Unavailable', headers: ['Retry-After: 1 (restarting)'] }, takes()],
      {},
      async ({ registrar, outcome, account, seen }) => {
        assert.equal(outcome, '503 Service Unavailable');
        assert.equal(await edge.next(account.aor, seen), 'registered');
        await registrar.succeeds();
      },
    ));

  it('uac, 500: tries again by itself after a while', () =>
    runs.run([asks(), { status: '500 Broken' }, takes()], {}, async ({ registrar, outcome, account, seen }) => {
      assert.equal(outcome, '500 Broken');
      assert.equal(await edge.next(account.aor, seen), 'registered');
      await registrar.succeeds();
    }));

  it('uac, 403: is told in the words of the provider, and not asked again', () =>
    runs.run([asks(), { status: '403 Account suspended' }], {}, async ({ registrar, outcome, account }) => {
      assert.equal(outcome, '403 Account suspended');
      await registrar.succeeds();
      assert.equal(edge.endpoint.registrations.lineOf(account.aor), undefined);
    }));

  it('uac, 302: is told so, and nobody is asked where it points', () =>
    runs.run(
      [{ status: '302 Moved Temporarily', headers: ['Contact: <sip:127.0.0.99:5060>'] }],
      {},
      async ({ registrar, outcome, account }) => {
        assert.equal(outcome, '302 Moved Temporarily');
        await registrar.succeeds();
        assert.equal(edge.endpoint.registrations.lineOf(account.aor), undefined);
      },
    ));

  it('uac, 404: the provider knows nobody of this name', () =>
    runs.run([{ status: '404 Not Found' }], {}, ({ outcome }) => assert.equal(outcome, '404 Not Found')));

  it('uac, 403 at a refresh: the account fails, and its line is closed', () =>
    runs.run(
      [asks(), takes({ headers: ['Expires: 1'] }), { status: '403 Account suspended' }],
      {},
      async ({ account, seen, outcome }) => {
        assert.equal(outcome, 'registered');
        assert.equal(await edge.next(account.aor, seen), '403 Account suspended');
        assert.equal(edge.endpoint.registrations.lineOf(account.aor), undefined);
      },
    ));

  it('uac, Service-Route: calls go by the proxy and then by it, and by the one of the last refresh', () =>
    runs.run(
      [
        asks(),
        takes({ headers: ['Expires: 1', 'Service-Route: <sip:home.provider.test;lr>, <sip:hss.provider.test;lr>'] }),
        takes({ headers: ['Expires: 60', 'Service-Route: <sip:other.provider.test;lr>'] }),
      ],
      {},
      async ({ registrar, account, seen }) => {
        const routes = () => edge.endpoint.registrations.lineOf(account.aor)?.routes;
        const proxy = `<${registrar.uri};lr>`;
        assert.deepEqual(routes(), [proxy, '<sip:home.provider.test;lr>', '<sip:hss.provider.test;lr>']);
        await edge.next(account.aor, seen);
        assert.deepEqual(routes(), [proxy, '<sip:other.provider.test;lr>']);
      },
    ));

  it('uac, P-Associated-URI without the own address: calls are made in the name that the provider gave', () =>
    runs.run(
      [
        asks(),
        takes({ headers: ['Expires: 60', 'P-Associated-URI: "A" <sip:+4930123@provider.test>, <tel:+4930123>'] }),
      ],
      {},
      ({ account }) =>
        assert.equal(edge.endpoint.registrations.lineOf(account.aor)?.identity, '+4930123@provider.test'),
    ));

  it('uac, sign-out: takes its binding back', () =>
    runs.run(
      [asks(), takes(), takes({ has: { Expires: '^ ?0', Contact: 'expires=0' } })],
      {},
      async ({ registrar, account }) => {
        edge.endpoint.registrations.unregister(account.aor);
        await registrar.succeeds();
      },
    ));

  it('uac, silence: says that there is no answer', async () => {
    const silent = await RegisteringEdge.open({ timers: { t1Ms: 5, t2Ms: 20 } });
    const account = providerAccount('alice', realm, { proxy: 'sip:127.0.0.1:9' });
    assert.match(
      await silent.register(account),
      /^(408 No answer from the provider|503 The provider cannot be reached)$/,
    );
    await silent.close();
  });

  it('uac, connection refused: says that the provider cannot be reached', async () => {
    const account = providerAccount('alice', realm, { proxy: 'sip:127.0.0.1:9;transport=tcp' });
    assert.equal(await edge.register(account), '503 The provider cannot be reached');
    edge.endpoint.registrations.unregister(account.aor, true);
  });
});
