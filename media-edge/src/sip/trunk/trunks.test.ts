import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTrunks } from '@sylk/protocol/trunks.ts';
import { telephoneNumber } from '../../call/telephone-number.ts';
import { dialledAs, ruleFor } from './number-rules.ts';
import { Trunks } from './trunks.ts';

const file = (...trunks: object[]) => JSON.stringify({ trunks });
const dial = (trunk: string, dialled: string, isAnonymous = false) => ({ dialled, trunk, name: 'alice', isAnonymous });
const namesOf = (uses: readonly { readonly trunk: string }[] | 'barred') =>
  uses === 'barred' ? uses : uses.map(({ trunk }) => trunk);

describe('the rules of numbers', () => {
  it('the longest prefix counts, and is replaced', () => {
    const rules = [{ prefix: '+' }, { prefix: '+49', replace: '0' }, { prefix: '+4930', replace: '' }];
    const dialled = (number: string) => {
      const rule = ruleFor(rules, number);
      return rule && dialledAs(rule, number);
    };
    assert.equal(dialled('+44123'), '+44123');
    assert.equal(dialled('+4989123'), '089123');
    assert.equal(dialled('+4930123'), '123');
    assert.equal(dialled('112'), undefined);
  });

  it('numbers are read as people write them', () => {
    assert.equal(telephoneNumber('+49 (30) 12-34.5'), '+4930' + '12345');
    assert.equal(telephoneNumber('tel:0049301'), '0049301');
    assert.equal(telephoneNumber('+4930;phone-context=x'), '+4930');
    assert.equal(telephoneNumber('alice'), undefined);
    assert.equal(telephoneNumber('1'), undefined);
    assert.equal(telephoneNumber('123456789012345678901'), undefined);
  });
});

describe('trunks', () => {
  it('the one with the best rule dials first, each as the account’s own number there', () => {
    const trunks = new Trunks(
      readTrunks(
        file(
          { name: 'all', server: 'sip:all.test', numbersOut: [{ prefix: '+' }], callerNumber: '+1000' },
          {
            name: 'home',
            server: 'sip:home.test;transport=tcp',
            numbersOut: [{ prefix: '+49', replace: '0' }],
            callerNumbers: { alice: '+4930' },
            isTrusted: true,
          },
        ),
      ),
    );
    assert.deepEqual(namesOf(trunks.trunksFor('+441234')), ['all']);
    const abroad = trunks.outgoing(dial('all', '+441234'));
    assert.equal(abroad?.to, '+441234@all.test');
    assert.equal(abroad?.line.identity, '+1000@all.test');
    assert.deepEqual(abroad?.line.headers, []);
    assert.deepEqual(namesOf(trunks.trunksFor('+49891')), ['home', 'all']);
    assert.equal(trunks.outgoing(dial('all', '+49891'))?.to, '+49891@all.test');
    const home = trunks.outgoing(dial('home', '+49891'));
    assert.equal(home?.to, '0891@home.test');
    assert.deepEqual(home?.line.routes, ['<sip:home.test;transport=tcp;lr>']);
    assert.deepEqual(home?.line.headers, ['P-Asserted-Identity: <sip:+4930@home.test>']);
    assert.deepEqual(namesOf(trunks.trunksFor('112')), []);
    assert.equal(trunks.outgoing(dial('all', '112')), undefined);
  });

  it('an anonymous caller is known to a trusted trunk only, which is told to keep it', () => {
    const of = (isTrusted: boolean) =>
      new Trunks(
        readTrunks(
          file({ name: 't', server: 'sip:t.test', numbersOut: [{ prefix: '' }], callerNumber: '+1', isTrusted }),
        ),
      ).outgoing(dial('t', '123', true))?.line;
    assert.equal(of(true)?.identity, 'anonymous@anonymous.invalid');
    assert.deepEqual(of(true)?.headers, ['P-Asserted-Identity: <sip:+1@t.test>', 'Privacy: id']);
    assert.deepEqual(of(false)?.headers, ['Privacy: id']);
  });

  it('a number that the rule which fits best bars is dialled by none, whoever else would take it', () => {
    const numbersOut = [{ prefix: '+' }, { prefix: '+4990', isBarred: true }];
    const all = { name: 'all', server: 'sip:all.test', numbersOut: [{ prefix: '' }] };
    const trunks = new Trunks(readTrunks(file({ name: 't', server: 'sip:t.test', maxCalls: 3, numbersOut }, all)));
    assert.equal(trunks.outgoing(dial('t', '+4990123')), undefined);
    assert.equal(trunks.trunksFor('+4990123'), 'barred');
    assert.deepEqual(trunks.trunksFor('+4989123').at(0), { trunk: 't', maxCalls: 3, maxCallMinutes: undefined });
    assert.deepEqual(namesOf(trunks.trunksFor('112')), ['all']);
  });

  it('a file that is wrong is refused with the name of the field', () => {
    assert.throws(() => readTrunks('{}'), /trunks/);
    assert.throws(() => readTrunks(file({ name: 'x', server: 'mailto:a' })), /trunks\.0\.server: a SIP URI/);
    assert.throws(() => readTrunks(file({ name: 'x', unknown: 1 })), /trunks\.0/);
    assert.throws(() => new Trunks(readTrunks(file({ name: 'x', peers: ['nowhere'] }))), /nowhere/);
  });
});
