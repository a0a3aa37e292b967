/** Challenges of providers, in the forms and orders in which they may come. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { RegisteringEdge } from '../../peers/elsewhere.ts';
import { asks, challenge, fieldsOf, RegistrarRuns, realm, takes } from '../../peers/registrar-runs.ts';
import type { RegistrarStep } from '../../peers/sipp-registrar.ts';

let edge: RegisteringEdge;
let runs: RegistrarRuns;

before(async () => {
  edge = await RegisteringEdge.open({ times: { expiresS: 60, retryMs: 100, maxRetryMs: 400 } });
  runs = new RegistrarRuns(edge);
});

after(() => edge.close());

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

describe('UAC at a registrar: challenges', () => {
  it('uac, 401 with MD5 without qop: answers as RFC 2069 had it', () =>
    runs.run([asks(), takes()], {}, async ({ registrar, account, outcome }) => {
      assert.equal(outcome, 'registered');
      await registrar.succeeds();
      const field = await fieldsOf(registrar);
      const ha1 = account.keys[0]?.ha1 ?? '';
      assert.equal(field('response'), md5(`${ha1}:n1:${md5(`REGISTER:${field('uri')}`)}`));
      assert.equal(field('nc'), '');
    }));

  it('uac, 401 with MD5-sess and qop auth: mixes the nonces into its key', () =>
    runs.run([asks(challenge(', algorithm=MD5-sess, qop="auth"')), takes()], {}, async ({ registrar, account }) => {
      await registrar.succeeds();
      const field = await fieldsOf(registrar);
      const key = md5(`${account.keys[0]?.ha1}:n1:${field('cnonce')}`);
      const ha2 = md5(`REGISTER:${field('uri')}`);
      assert.equal(field('response'), md5(`${key}:n1:00000001:${field('cnonce')}:auth:${ha2}`));
      assert.equal(field('algorithm'), 'MD5-sess');
    }));

  it('uac, 401 with qop auth-int only: protects its body too', () =>
    runs.run([asks(challenge(', qop="auth-int"')), takes()], {}, async ({ registrar, account }) => {
      await registrar.succeeds();
      const field = await fieldsOf(registrar);
      const ha2 = md5(`REGISTER:${field('uri')}:${md5('')}`);
      assert.equal(field('response'), md5(`${account.keys[0]?.ha1}:n1:00000001:${field('cnonce')}:auth-int:${ha2}`));
    }));

  it('uac, 401 with SHA-256 before MD5: takes the first if it can', () =>
    runs.registers(
      [
        asks(challenge(', algorithm=SHA-256, qop="auth"'), challenge(', algorithm=MD5, qop="auth"')),
        takes({ has: { Authorization: 'algorithm=SHA-256' } }),
      ],
      { algorithms: ['MD5', 'SHA-256'] },
    ));

  it('uac, 401 with SHA-256 before MD5 and a key for MD5 only: takes the second', () =>
    runs.registers([
      asks(challenge(', algorithm=SHA-256, qop="auth"'), challenge(', algorithm=MD5, qop="auth"')),
      takes({ has: { Authorization: 'algorithm=MD5,' } }),
    ]));

  it('uac, 401 with MD5 before SHA-256: keeps to the order of the provider', () =>
    runs.registers(
      [
        asks(challenge(', algorithm=MD5, qop="auth"'), challenge(', algorithm=SHA-256, qop="auth"')),
        takes({ has: { Authorization: 'algorithm=MD5,' } }),
      ],
      { algorithms: ['SHA-256', 'MD5'] },
    ));

  it('uac, 401 with an algorithm and a scheme that it does not know: passes them over', () =>
    runs.registers([
      asks('WWW-Authenticate: Bearer realm="x"', challenge(', algorithm=AKAv1-MD5'), challenge(', algorithm=MD5')),
      takes(),
    ]));

  it('uac, 407 of a proxy and then 401 of the registrar: proves itself to both realms', () =>
    runs.run(
      [
        {
          status: '407 Proxy Authentication Required',
          headers: ['Proxy-Authenticate: Digest realm="edge.provider.test", nonce="p1", qop="auth"'],
        },
        { ...asks(challenge(', qop="auth"')), has: { 'Proxy-Authorization': 'realm="edge.provider.test"' } },
        takes({ has: { 'Proxy-Authorization': 'nc=00000002' } }),
      ],
      { realms: [realm, 'edge.provider.test'] },
      async ({ registrar, outcome }) => {
        assert.equal(outcome, 'registered');
        await registrar.succeeds();
        assert.equal((await fieldsOf(registrar))('realm'), realm);
      },
    ));

  it('uac, 401 for a realm of somebody else: sends no digest, and says what it would need', () =>
    runs.run([asks(challenge(', algorithm=SHA-256', 'evil.test'))], {}, async ({ registrar, outcome, seen }) => {
      assert.match(outcome, /^904 /);
      const told = edge.told[seen - 1]?.state;
      assert.deepEqual(told?.state === 'failed' && told.wanted, [{ realm: 'evil.test', algorithm: 'SHA-256' }]);
      await registrar.succeeds();
      assert.equal((await registrar.requests()).length, 1);
    }));

  it('uac, wrong password: says 904 after one try', () =>
    runs.run([asks(), asks()], {}, async ({ registrar, outcome }) => {
      assert.equal(outcome, '904 Authentication failed');
      await registrar.succeeds();
      assert.equal((await registrar.requests()).length, 2);
    }));

  it('uac, stale nonce: answers the new one', () =>
    runs.registers([
      asks(challenge(', qop="auth"')),
      asks(challenge(', qop="auth", stale=TRUE', realm, 'n2')),
      takes({ has: { Authorization: 'nonce="n2"' } }),
    ]));

  it('uac, every nonce is stale: gives up instead of going in circles', () =>
    runs.run([...Array<RegistrarStep>(4).fill(asks(challenge(', stale=true')))], {}, async ({ registrar, outcome }) => {
      assert.match(outcome, /^904 /);
      await registrar.succeeds();
    }));

  it('uac, registrar that asks for no password: is not believed, and the binding is taken back', () =>
    runs.run(
      [{ status: '200 OK' }, { status: '200 OK', has: { Expires: '^ ?0' } }],
      {},
      async ({ registrar, outcome }) => {
        assert.match(outcome, /^403 /);
        await registrar.succeeds();
      },
    ));
});
