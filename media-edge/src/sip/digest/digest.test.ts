import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DigestAlgorithm, digestResponse, ha1Of } from '@sylk/protocol/digest-claim.ts';
import fc from 'fast-check';
import { hashOf } from './algorithm.ts';
import { parseAuthParams } from './auth-params.ts';
import { claimOf, ha2Of, isProof, parseAuthorization, writeAuthorization } from './authorization.ts';
import { parseChallenge, writeChallenge } from './challenge.ts';
import { DigestClient, noTries } from './digest-client.ts';
import { DigestServer } from './digest-server.ts';

const register = { method: 'REGISTER', uri: 'sip:provider.test', body: '' };

const keyOf = (algorithm: DigestAlgorithm, realm = 'provider.test', password = 'secret') => ({
  username: 'alice',
  realm,
  algorithm,
  ha1: ha1Of(hashOf(algorithm), 'alice', realm, password),
});

const challenge = (rest: string, realm = 'provider.test') => `Digest realm="${realm}", nonce="n1"${rest}`;

const proofOf = (client: DigestClient, ...www: string[]) => {
  const answer = client.answer({ www, proxy: [] }, register, noTries());
  assert.equal(answer.kind, 'proof');
  return answer.kind === 'proof' ? answer.headers.map(({ value }) => parseAuthorization(value)) : [];
};

describe('the response of a digest', () => {
  // RFC 7616 s. 3.9.1
  const terms = {
    isSession: false,
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    protection: { qop: 'auth', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ', nc: '00000001' },
  } as const;
  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const) {
    it(`is that of the RFC's example with ${algorithm}`, () => {
      const hash = hashOf(algorithm);
      const ha1 = ha1Of(hash, 'Mufasa', 'http-auth@example.org', 'Circle of Life');
      const named = { algorithm, isSession: false };
      const ha2 = ha2Of(named, { method: 'GET', uri: '/dir/index.html', body: '' }, 'auth');
      assert.equal(digestResponse(hash, ha1, { ...terms, algorithm, ha2 }), response);
    });
  }
});

describe('a challenge', () => {
  it('is read as it was written', () => {
    const written = writeChallenge({
      ...{ algorithm: 'SHA-256', isSession: true, realm: 'a "b" \\c', nonce: 'n', opaque: 'o', isStale: true },
      qop: ['auth', 'auth-int'],
    });
    assert.deepEqual(parseChallenge(written), {
      ...{ algorithm: 'SHA-256', isSession: true, realm: 'a "b" \\c', nonce: 'n', opaque: 'o', isStale: true },
      qop: ['auth', 'auth-int'],
    });
  });

  for (const [what, text] of [
    ['another scheme', 'Basic realm="a"'],
    ['no nonce', 'Digest realm="a"'],
    ['an algorithm that we do not speak', challenge(', algorithm=SHA-3')],
    ['a protection that we do not speak', challenge(', qop="auth-conf"')],
    ['a realm that comes twice', challenge(', realm="other"')],
    ['a quote that does not end', 'Digest realm="a, nonce="b"'],
  ] as const) {
    it(`with ${what} is none`, () => assert.equal(parseChallenge(text), undefined));
  }

  it('never throws and never hangs on whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseAuthParams(`Digest ${text}`);
        parseChallenge(text);
        parseAuthorization(`Digest ${text}`);
      }),
    );
  });
});

describe('the client of a digest', () => {
  it('answers with the first algorithm of the list that it has a key for', () => {
    const both = [challenge(', algorithm=SHA-256'), challenge(', algorithm=MD5')];
    const algorithmOf = (keys: DigestAlgorithm[], challenges: string[]) =>
      proofOf(new DigestClient(keys.map((algorithm) => keyOf(algorithm))), ...challenges)[0]?.algorithm;
    assert.equal(algorithmOf(['MD5', 'SHA-256'], both), 'SHA-256');
    assert.equal(algorithmOf(['MD5'], both), 'MD5');
    assert.equal(algorithmOf(['MD5'], both.toReversed()), 'MD5');
    assert.equal(algorithmOf(['MD5', 'SHA-256'], [challenge(', algorithm=SHA-999'), ...both]), 'SHA-256');
  });

  it('proves each realm of which it has a key', () => {
    const client = new DigestClient([keyOf('MD5'), keyOf('MD5', 'other.test')]);
    const answer = client.answer({ www: [challenge('')], proxy: [challenge('', 'other.test')] }, register, noTries());
    assert.deepEqual(answer.kind === 'proof' && answer.headers.map(({ name }) => name), [
      'Authorization',
      'Proxy-Authorization',
    ]);
  });

  it('gives no digest to a realm that is not its own, and says what it would need', () => {
    const client = new DigestClient([keyOf('MD5')]);
    const answer = client.answer(
      { www: [challenge(', algorithm=SHA-256', 'evil.test')], proxy: [] },
      register,
      noTries(),
    );
    assert.deepEqual(answer, { kind: 'unknown', wanted: [{ realm: 'evil.test', algorithm: 'SHA-256' }] });
    assert.deepEqual(client.preset(register), []);
  });

  it('gives up when the same password is refused, but not for a stale nonce', () => {
    const client = new DigestClient([keyOf('MD5')]);
    const tries = noTries();
    const answer = (rest: string) => client.answer({ www: [challenge(rest)], proxy: [] }, register, tries).kind;
    assert.equal(answer(''), 'proof');
    assert.equal(answer(', stale=true'), 'proof');
    assert.equal(answer(''), 'refused');
    assert.equal(answer(', stale=TRUE'), 'refused');
  });

  it('counts the uses of a nonce, and begins anew with the next', () => {
    const client = new DigestClient([keyOf('MD5')]);
    const countOf = (header: { value: string } | undefined) => parseAuthorization(header?.value ?? '')?.nc;
    assert.equal(proofOf(client, challenge(', qop="auth"'))[0]?.nc, '00000001');
    assert.equal(countOf(client.preset(register)[0]), '00000002');
    assert.equal(countOf(client.preset(register)[0]), '00000003');
    assert.equal(proofOf(client, challenge(', qop="auth"').replace('n1', 'n2'))[0]?.nc, '00000001');
  });

  it('protects the body where only that is asked for', () => {
    const client = new DigestClient([keyOf('MD5')]);
    const invite = { method: 'INVITE', uri: 'sip:bob@provider.test', body: 'v=0' };
    const answer = client.answer({ www: [challenge(', qop="auth-int"')], proxy: [] }, invite, noTries());
    const read = parseAuthorization(answer.kind === 'proof' ? (answer.headers[0]?.value ?? '') : '');
    assert.ok(read && isProof(claimOf(read, invite), keyOf('MD5').ha1));
    assert.ok(!isProof(claimOf(read, { ...invite, body: 'v=1' }), keyOf('MD5').ha1));
  });
});

describe('the server of a digest', () => {
  const serve = (over: Partial<ConstructorParameters<typeof DigestServer>[0]> = {}) => {
    const time = { now: 1_000_000 };
    const server = new DigestServer({
      ...{ realm: 'provider.test', algorithms: ['SHA-256', 'MD5'], nonceMs: 60_000, now: () => time.now },
      ...over,
    });
    return { server, time };
  };
  const ask = (server: DigestServer, key = keyOf('SHA-256'), isStale = false) => {
    const client = new DigestClient([key]);
    const answer = client.answer({ www: server.challenges(isStale), proxy: [] }, register, noTries());
    const values = answer.kind === 'proof' ? answer.headers.map(({ value }) => value) : [];
    return { client, values };
  };

  for (const algorithm of ['SHA-256', 'MD5'] as const) {
    it(`takes the proof of a client with ${algorithm}, and no other password`, () => {
      const { server } = serve();
      const examined = server.examine(ask(server, keyOf(algorithm)).values, register);
      assert.equal(examined.status, 'claimed');
      if (examined.status !== 'claimed') return;
      assert.ok(isProof(examined.claim, keyOf(algorithm).ha1));
      assert.ok(!isProof(examined.claim, keyOf(algorithm, 'provider.test', 'wrong').ha1));
      assert.ok(server.take(examined.claim));
    });
  }

  it('takes each count of a nonce once, also out of order', () => {
    const { server } = serve();
    const { client, values } = ask(server);
    const later = [1, 2, 3].map(() => client.preset(register)[0]?.value ?? '');
    const take = (value: string | undefined) => {
      const examined = server.examine([value ?? ''], register);
      return examined.status === 'claimed' && server.take(examined.claim);
    };
    assert.deepEqual([values[0], later[2], later[0], later[0], later[2], later[1]].map(take), [
      ...[true, true, true],
      ...[false, false, true],
    ]);
  });

  it('says stale of a nonce that is too old, or of another life of the server', () => {
    const { server, time } = serve();
    const { values } = ask(server);
    assert.equal(serve().server.examine(values, register).status, 'stale');
    time.now += 60_001;
    assert.equal(server.examine(values, register).status, 'stale');
  });

  it('takes no proof for another request, another realm or a weaker protection', () => {
    const { server } = serve();
    const { values } = ask(server);
    assert.equal(server.examine(values, { ...register, uri: 'sip:elsewhere.test' }).status, 'malformed');
    assert.equal(server.examine([], register).status, 'absent');
    assert.equal(server.examine(['Digest nonsense'], register).status, 'malformed');
    const foreign = new DigestServer({ realm: 'b.test', algorithms: ['MD5'], nonceMs: 1_000, now: () => 0 });
    assert.equal(server.examine(ask(foreign, keyOf('MD5', 'b.test')).values, register).status, 'absent');
    const read = parseAuthorization(values[0] ?? '');
    assert.ok(read);
    const { qop: _qop, nc: _nc, ...bare } = read;
    assert.equal(server.examine([writeAuthorization(bare)], register).status, 'malformed');
  });
});
