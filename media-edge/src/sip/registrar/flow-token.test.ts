import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FlowTokens } from './flow-token.ts';

const now = Date.UTC(2026, 0, 31, 12);
const grant = { flow: 'udp-192.0.2.9:5060', expiresAt: now + 60_000 };
const tokens = new FlowTokens('secret of the installation');

describe('the name of a flow in a Path', () => {
  it('is read by every edge of the installation', () => {
    assert.deepEqual(new FlowTokens('secret of the installation').read(tokens.write(grant), now), grant);
  });

  it('is of no use when its contact is over', () => {
    assert.equal(tokens.read(tokens.write(grant), grant.expiresAt), undefined);
  });

  it('cannot be made up, nor changed', () => {
    const [text = '', signature = ''] = tokens.write(grant).split('.');
    const other = Buffer.from(Buffer.from(text, 'base64url').toString().replace('.9', '.1')).toString('base64url');
    assert.equal(tokens.read(`${other}.${signature}`, now), undefined);
    assert.equal(tokens.read(new FlowTokens('another secret').write(grant), now), undefined);
    for (const nonsense of ['', '.', 'a.b', 'a.b.c']) assert.equal(tokens.read(nonsense, now), undefined);
  });

  it('fits into the user part of a URI', () => {
    assert.match(tokens.write({ ...grant, flow: 'udp-[2001:db8::1]:5060' }), /^[\w.-]+$/);
  });
});
