import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { RegisterTransactions } from './register-transactions.ts';

describe('the transaction of a REGISTER', () => {
  it('is known from its beginning, and has its answer for as long as it may be asked for again', async () => {
    const clock = new FakeClock();
    const transactions = new RegisterTransactions({ clock, keptMs: 32_000 });
    assert.equal(transactions.find('a'), undefined);
    transactions.begin('a');
    assert.deepEqual(transactions.find('a'), {});
    transactions.answered('a', 'SIP/2.0 200 OK', false);
    await clock.advance(31_999);
    assert.deepEqual(transactions.find('a'), { answer: 'SIP/2.0 200 OK' });
    await clock.advance(1);
    assert.equal(transactions.size, 0);
  });

  it('is over with its answer on a connection', () => {
    const transactions = new RegisterTransactions({ clock: new FakeClock(), keptMs: 32_000 });
    transactions.begin('a');
    transactions.answered('a', 'SIP/2.0 200 OK', true);
    assert.equal(transactions.size, 0);
  });

  it('is forgotten when there are too many after it, and its late answer is not kept', () => {
    const transactions = new RegisterTransactions({ clock: new FakeClock(), keptMs: 32_000 });
    for (let index = 0; index <= 50_000; index++) transactions.begin(String(index));
    assert.equal(transactions.size, 50_000);
    transactions.answered('0', 'SIP/2.0 200 OK', false);
    assert.equal(transactions.find('0'), undefined);
  });
});
