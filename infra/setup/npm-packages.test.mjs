import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lacking } from './npm-packages.mjs';

const wanted = {
  '': {},
  'media-edge': { version: '0.1.0' },
  'node_modules/@sylk/media-edge': { link: true },
  'node_modules/ws': { version: '8.0.0' },
  'node_modules/typescript': { version: '7.0.0', dev: true },
  'node_modules/binary-for-another-machine': { version: '1.0.0', optional: true },
};
const forRunning = { 'node_modules/@sylk/media-edge': { link: true }, 'node_modules/ws': { version: '8.0.0' } };

test('an empty checkout lacks everything but what is optional', () => {
  assert.deepEqual(lacking(wanted, {}, 'all'), [
    'node_modules/@sylk/media-edge',
    'node_modules/ws',
    'node_modules/typescript',
  ]);
});

test('what is only for development is not needed for running', () => {
  assert.deepEqual(lacking(wanted, forRunning, 'run'), []);
  assert.deepEqual(lacking(wanted, forRunning, 'all'), ['node_modules/typescript']);
});

test('another version is as good as none', () => {
  assert.deepEqual(lacking(wanted, { ...forRunning, 'node_modules/ws': { version: '7.9.0' } }, 'run'), [
    'node_modules/ws',
  ]);
});
