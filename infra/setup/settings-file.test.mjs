import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fillFromSettingsFile, parseSettings } from './settings-file.mjs';

const folder = mkdtempSync(join(tmpdir(), 'sylk-settings-'));
after(() => rmSync(folder, { recursive: true }));

test('a file gives the settings that the environment does not have', () => {
  const path = join(folder, 'settings.env');
  writeFileSync(
    path,
    '# for the office\nSYLK_DOMAIN=sip.example.org\n\nSYLK_HTTP_PORT = 8090\nSYLK_EDGE_TOKEN="a b#c"\r\n',
  );
  /** @type {NodeJS.ProcessEnv} */
  const environment = { SYLK_SETTINGS: path, SYLK_HTTP_PORT: '80', HOME: '/' };
  fillFromSettingsFile(environment);
  assert.deepEqual(environment, {
    SYLK_DOMAIN: 'sip.example.org',
    SYLK_HTTP_PORT: '80',
    SYLK_EDGE_TOKEN: 'a b#c',
    HOME: '/',
  });
});

test('a file that is named has to be there', () => {
  const environment = { SYLK_SETTINGS: join(folder, 'none.env') };
  assert.throws(() => fillFromSettingsFile(environment), /there is no file .*none\.env, which SYLK_SETTINGS names/);
});

test('a line that is no setting is named, its value is not', () => {
  for (const line of ['DOMAIN=x', 'SYLK_DOMAIN', 'export SYLK_DOMAIN=x', 'SYLK_EDGE_TOKEN="secret']) {
    assert.throws(
      () => parseSettings(`\n${line}`, 'f.env'),
      (/** @type {Error} */ error) =>
        /^line 2 of f\.env is no setting: /.test(error.message) && !error.message.includes('secret'),
    );
  }
});
