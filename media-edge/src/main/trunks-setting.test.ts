import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SettingError } from '../config.ts';
import { readTrunksSetting } from './trunks-setting.ts';

const described = JSON.stringify({
  trunks: [
    {
      name: 'carrier',
      server: 'sip:sip.carrier.example',
      account: { username: '4711', password: 'not for a log', realm: 'carrier.example' },
      numbersOut: [{ prefix: '+', replace: '00' }],
    },
  ],
});

const caller = { name: 'alice', isAnonymous: false };

const refusalOf = (setting: string): string => {
  try {
    readTrunksSetting(setting);
  } catch (error) {
    assert(error instanceof SettingError);
    return error.message;
  }
  return assert.fail('it was taken');
};

test('trunks are read from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sylk-trunks-'));
  try {
    const file = join(folder, 'trunks.json');
    writeFileSync(file, described);
    assert.equal(
      readTrunksSetting(file).outgoing({ ...caller, dialled: '+4930123', trunk: 'carrier' })?.to,
      '004930123@sip.carrier.example',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('trunks are read from the setting itself, as a secret of a container gives them', () => {
  assert.equal(
    readTrunksSetting(`\n ${described}\n`).outgoing({ ...caller, dialled: '+4930123', trunk: 'carrier' })?.to,
    '004930123@sip.carrier.example',
  );
});

test('a file that is not there is named', () => {
  assert.match(refusalOf('/nowhere/trunks.json'), /^SYLK_TRUNKS is '\/nowhere\/trunks\.json', .*ENOENT/);
});

test('what is wrong in JSON is named, without what stands there', () => {
  const wrong = refusalOf(described.replace('"+"', '"plus"'));
  assert.match(wrong, /^SYLK_TRUNKS is '\{\.\.\.\}', .*trunks\.0\.numbersOut\.0\.prefix/);
  assert.doesNotMatch(wrong, /not for a log/);
  for (const broken of [`${described}}`, `[${described}]`, JSON.stringify(described), `\u200b${described}`])
    assert.doesNotMatch(refusalOf(broken), /not for a log/);
});
