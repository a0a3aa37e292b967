import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domainOf, parseSipAddress, toAor } from './sip-address.ts';

test('an address is read in its parts', () => {
  assert.deepEqual(
    parseSipAddress('sip:+4930123;phone-context=x:secret@Example.ORG:5062;transport=tcp;lr?Subject=Hi'),
    {
      user: '+4930123;phone-context=x',
      host: 'example.org',
      port: 5062,
      parameters: ';transport=tcp;lr',
      headers: '?Subject=Hi',
    },
  );
});

for (const text of [
  'alice@example.org',
  'sip:alice@example.org',
  'sips:alice@example.org',
  'SIP:alice@example.org',
  'alice@192.0.2.1:5060',
  'alice@[2001:db8::7]',
  'alice@host_with_underscore.internal',
  'alice@localhost',
  'alice@example.org.',
  'al%20ice@example.org',
  "!*'()-_.~&=+$,;?/@example.org",
  'example.org',
]) {
  test(`${text} is a SIP URI`, () => assert.ok(parseSipAddress(text)));
}

for (const text of [
  '',
  'sip:',
  'SIP:alice@example.org ',
  'alice@',
  '@example.org',
  'alice@@example.org',
  'alice@example..org',
  'alice@-example.org',
  'alice@example.org:70000',
  'alice@example.org:',
  'al ice@example.org',
  'alice@exa mple.org',
  'álice@example.org',
  'alice@bücher.example',
  'al%2ice@example.org',
  '"Alice" <sip:alice@example.org>',
  'alice@example.org\n',
  'alice@example.org>',
  'sip:sip:alice@example.org',
  'sip:SIPS:alice@example.org',
  'tel:+4930123',
  'alice@[2001:db8::7',
]) {
  test(`${JSON.stringify(text)} is no SIP URI`, () => assert.equal(parseSipAddress(text), undefined));
}

test('an account is one whatever case its domain is written in', () => {
  assert.equal(toAor('SIP:Alice@Example.ORG'), 'Alice@example.org');
  assert.equal(toAor('alice@example.org:5060;transport=tcp?Subject=Hi'), 'alice@example.org');
  assert.equal(toAor('Example.ORG'), 'example.org');
  assert.equal(toAor('not an address'), 'not an address');
});

test('the domain of an address', () => {
  assert.equal(domainOf('alice@Example.ORG:5060'), 'example.org');
  assert.equal(domainOf('Example.ORG'), 'example.org');
  assert.equal(domainOf('al ice@Example.ORG'), 'example.org');
});

test('a long hostile address is refused at once', () => {
  const started = performance.now();
  for (const unit of ['a', 'a-', 'a.', ';a=', '%41', ':', '?', '@']) {
    assert.ok(parseSipAddress(`${unit.repeat(16_000)}\n`) === undefined);
  }
  assert.ok(performance.now() - started < 1000);
});
