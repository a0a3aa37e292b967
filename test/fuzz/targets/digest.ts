import { hashOf } from '../../../media-edge/src/sip/digest/algorithm.ts';
import { isProof, parseAuthorization, writeAuthorization } from '../../../media-edge/src/sip/digest/authorization.ts';
import { parseChallenge, writeChallenge } from '../../../media-edge/src/sip/digest/challenge.ts';
import { DigestClient, noTries } from '../../../media-edge/src/sip/digest/digest-client.ts';
import { DigestServer } from '../../../media-edge/src/sip/digest/digest-server.ts';
import { must } from '../engine/finding.ts';
import type { Target } from '../engine/target.ts';

const realm = 'sylk.test';
const request = { method: 'REGISTER', uri: `sip:${realm}`, body: '' };
const keys = (['MD5', 'SHA-256'] as const).map((algorithm) => ({
  realm,
  algorithm,
  username: 'alice',
  ha1: hashOf(algorithm)(`alice:${realm}:wonderland`),
}));
const server = new DigestServer({ realm, algorithms: ['SHA-256', 'MD5'], now: Date.now, nonceMs: 3_600_000 });
const asked = server.challenges();

/** What alice herself wrote: nothing else can be a proof. */
const genuine = asked.flatMap((challenge) => {
  const answer = new DigestClient(keys).answer({ www: [challenge], proxy: [] }, request, noTries());
  return answer.kind === 'proof' ? answer.headers.map(({ value }) => value) : [];
});

/** Credentials and challenges of others. */
export const digestTarget: Target = {
  name: 'digest',
  seeds: [
    ...asked,
    ...genuine,
    'Digest realm="a", nonce="b", stale=TRUE, algorithm=MD5-sess, qop="auth,auth-int,x", opaque="c"',
    'Digest username="a\\"b", realm="sylk.test", nonce="x", uri="sip:sylk.test", response="0123456789abcdef0123456789abcdef"',
  ].map((text) => Buffer.from(text)),
  dictionary: [
    'Digest ',
    'Basic ',
    `realm="${realm}"`,
    'nonce=""',
    'qop=auth',
    'qop="auth-int"',
    'nc=00000001',
    'cnonce="a"',
    'algorithm=SHA-256-sess',
    'algorithm=MD5',
    'stale=true',
    'opaque=""',
    'uri="sip:sylk.test"',
    'response="',
    '", ',
    '\\"',
  ],
  maxBytes: 6 * 1024,
  run(input) {
    const text = Buffer.from(input).toString('utf8');
    checkChallenge(text);
    checkAuthorization(text);
  },
};

function checkChallenge(text: string): void {
  const challenge = parseChallenge(text);
  if (challenge !== undefined) {
    const again = parseChallenge(writeChallenge(challenge));
    must(again?.realm === challenge.realm && again.nonce === challenge.nonce, 'a challenge is another as we write it');
  }
  const answer = new DigestClient(keys).answer({ www: [text], proxy: [] }, request, noTries());
  must(answer.kind !== 'proof' || challenge?.realm === realm, 'a proof is given to a realm that is not ours');
}

function checkAuthorization(text: string): void {
  const read = parseAuthorization(text);
  if (read !== undefined) {
    const again = parseAuthorization(writeAuthorization(read));
    must(again?.username === read.username && again.uri === read.uri, 'credentials are others as we write them');
  }
  const examined = server.examine([text], request);
  if (examined.status !== 'claimed') return;
  const isRight = keys.some((key) => key.algorithm === examined.claim.algorithm && isProof(examined.claim, key.ha1));
  if (!isRight) return;
  must(
    genuine.some((value) => value.includes(examined.claim.response) && value.includes(examined.claim.nonce)),
    'a proof that its owner never wrote is taken',
  );
}
