import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityProblem, sipIdentities } from './sip-identity.ts';

const identities = (subjectAltName: string | undefined, subject = 'CN=cn.example') =>
  sipIdentities({ subject, subjectAltName });

test('sip URIs without a user come first (RFC 5922 s. 7.1)', () => {
  assert.deepEqual(identities('DNS:host.example, URI:sip:Example.com, URI:sip:bob@user.example'), ['example.com']);
  assert.deepEqual(identities('URI:sip:[2001:db8::1]'), ['2001:db8::1']);
});

test('else host names and addresses count', () => {
  assert.deepEqual(identities('DNS:A.example, IP Address:192.0.2.1, URI:https://x.example, email:b@c.example'), [
    'a.example',
    '192.0.2.1',
  ]);
  assert.deepEqual(identities('URI:sip:bob@user.example, DNS:b.example'), ['b.example']);
});

test('the common name counts only where there are no alternative names', () => {
  assert.deepEqual(identities(undefined, 'C=DE\nCN=CN.example'), ['cn.example']);
  assert.deepEqual(identities('email:a@b.example'), []);
});

test('a name cannot smuggle another one in', () => {
  assert.deepEqual(identities('DNS:"a.example, DNS:victim.example"'), ['a.example, dns:victim.example']);
  assert.deepEqual(identities('URI:"sip:a.example, URI:sip:victim.example", DNS:b.example'), ['b.example']);
});

test('whole names are compared, in any case', () => {
  assert.equal(identityProblem('Example.COM', ['example.com']), undefined);
  assert.equal(identityProblem('example.com.', ['example.com']), undefined);
  assert.equal(identityProblem('2001:db8::1', ['2001:DB8:0:0:0:0:0:1']), undefined);
  assert.match(identityProblem('sip.example.com', ['example.com']) ?? '', /is for example\.com, not for sip\.example/);
  assert.match(identityProblem('sip.example.com', ['*.example.com']) ?? '', /is for \*\.example\.com, not/);
  assert.match(identityProblem('example.com', []) ?? '', /is for nobody/);
});
