import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeVault } from './node-vault.ts';

describe('the vault', () => {
  const vault = nodeVault(async () => 'a secret of this installation');

  it('opens what it has sealed, in the same context only', async () => {
    const sealed = await vault.seal('ha1', 'alice@provider.test');
    assert.equal(await vault.open(sealed, 'alice@provider.test'), 'ha1');
    await assert.rejects(vault.open(sealed, 'bob@provider.test'));
  });

  it('shows nothing: equal secrets are sealed in different ways, and named alike', async () => {
    assert.notEqual(await vault.seal('ha1', 'a'), await vault.seal('ha1', 'a'));
    assert.equal(await vault.nameOf('ha1'), await vault.nameOf('ha1'));
    assert.notEqual(await vault.nameOf('ha1'), await nodeVault(async () => 'another').nameOf('ha1'));
  });

  it('opens nothing that was changed, or sealed elsewhere', async () => {
    const sealed = await vault.seal('ha1', 'a');
    const last = sealed.at(-2) === 'A' ? 'B' : 'A';
    await assert.rejects(vault.open(`${sealed.slice(0, -2)}${last}${sealed.at(-1)}`, 'a'));
    await assert.rejects(nodeVault(async () => 'another').open(sealed, 'a'));
    await assert.rejects(vault.open('plain', 'a'));
  });
});
