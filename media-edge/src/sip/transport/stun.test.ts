import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStun, newStunId, readStunAnswer, stunAnswer, stunRequest } from './stun.ts';

test('a request of ours is answered with where it came from, xored (RFC 5389 s. 15.2)', () => {
  const id = newStunId();
  const request = stunRequest(id);
  assert.ok(isStun(request));
  const answer = stunAnswer(request, { address: '192.0.2.1', port: 32_853 });
  // The address and port of RFC 5769 s. 2.2, whose xored form is written there.
  assert.equal(answer?.toString('hex', 20), '002000080001a147e112a643');
  assert.deepEqual(answer && readStunAnswer(answer), { id, mapped: '0001a147e112a643' });
});

test('an IPv6 address is xored with the transaction as well', () => {
  const id = 'b7e7a701bc34d686fa87dfae';
  const source = { address: '2001:db8:1234:5678:11:2233:4455:6677', port: 32_853 };
  // RFC 5769 s. 2.3.
  assert.equal(
    stunAnswer(stunRequest(id), source)?.toString('hex', 20),
    '002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9',
  );
});

test('a SIP message, or a few bytes, are no STUN', () => {
  assert.equal(isStun(Buffer.from('OPTIONS sip:a@b SIP/2.0\r\n\r\n')), false);
  assert.equal(isStun(Buffer.from([0, 1, 0, 0])), false);
});

test('what is no plain Binding request gets no answer', () => {
  const source = { address: '192.0.2.1', port: 1 };
  const with_ = (at: number, byte: number) => {
    const bytes = stunRequest(newStunId());
    bytes[at] = byte;
    return stunAnswer(bytes, source);
  };
  assert.equal(with_(1, 2), undefined, 'another method');
  assert.equal(with_(3, 4), undefined, 'a length that is not there');
  const answer = stunAnswer(stunRequest(newStunId()), source) ?? assert.fail();
  assert.equal(stunAnswer(answer, source), undefined, 'an answer');
  assert.equal(readStunAnswer(stunRequest(newStunId())), undefined);
});

test('an answer whose attributes are cut off says nothing of our address', () => {
  const answer = stunAnswer(stunRequest(newStunId()), { address: '192.0.2.1', port: 1 }) ?? assert.fail();
  assert.equal(readStunAnswer(answer.subarray(0, answer.length - 2))?.mapped, '');
});
