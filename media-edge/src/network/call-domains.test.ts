import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callDomainList, callDomains } from './call-domains.ts';

const allowed = (list: string, host: string): boolean => {
  const entries = callDomainList(list);
  assert.ok(entries, list);
  return callDomains(entries).refusal(host) === undefined;
};

test('everybody may be called unless it is said who', () => {
  assert.equal(allowed('*', 'example.org'), true);
  assert.equal(allowed('none', 'example.org'), false);
  assert.equal(allowed('example.org', 'other.example'), false);
  assert.equal(allowed('!example.org', 'other.example'), true);
});

test('a domain stands for those below it, and the longest that fits counts', () => {
  const list = 'example.org, !fax.example.org, new.fax.example.org';
  assert.equal(allowed(list, 'Phones.Example.org'), true);
  assert.equal(allowed(list, 'fax.example.org'), false);
  assert.equal(allowed(list, 'a.fax.example.org'), false);
  assert.equal(allowed(list, 'new.fax.example.org'), true);
  assert.equal(allowed(list, 'notexample.org'), false);
});

test('addresses are taken as they are written', () => {
  assert.equal(allowed('!192.0.2.7', '192.0.2.7'), false);
  assert.equal(allowed('2001:db8::7', '[2001:db8::7]'), true);
  assert.equal(allowed('2001:db8::7', '2001:db8::8'), false);
});

test('a refusal says what it is about and where it is set', () => {
  assert.equal(
    callDomains(['!example.org']).refusal('example.org'),
    'example.org is not called from here (see SYLK_CALL_DOMAINS)',
  );
});

test('what is no domain is no list', () => {
  for (const wrong of ['', 'a b', 'example..org', '*.example.org', '!', 'sip:example.org'])
    assert.equal(callDomainList(wrong), undefined, wrong);
});
