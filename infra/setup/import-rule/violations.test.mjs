import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violationsOf } from './violations.mjs';

const imported = (/** @type {string} */ specifier) => `import { x } from '${specifier}';\n`;

/** @type {readonly [file: string, specifier: string][]} */
const allowed = [
  ['media-edge/src/call/call.ts', './state.ts'],
  ['media-edge/src/call/call.ts', '../ports/sfu.ts'],
  ['media-edge/src/call/call.ts', '@sylk/protocol/ids.ts'],
  ['media-edge/src/sip/sip-leg.ts', 'sip.js'],
  ['media-edge/src/sip/sip-leg.ts', '../call/call-leg.ts'],
  ['media-edge/src/main.ts', './sip/sip-leg.ts'],
  ['media-edge/src/call/call.test.ts', 'mediasoup'],
  ['functions/src/adapters/local/store.ts', 'node:sqlite'],
  ['test/scenario/a.test.ts', 'ws'],
];

for (const [file, specifier] of allowed) {
  test(`${file} may import ${specifier}`, () => {
    assert.deepEqual(violationsOf(file, imported(specifier)), []);
  });
}

/** @type {readonly [file: string, specifier: string, why: RegExp][]} */
const refused = [
  ['media-edge/src/call/call.ts', 'node:fs', /call is pure/],
  ['media-edge/src/call/call.ts', '../sip/sip-leg.ts', /may import only from/],
  ['media-edge/src/sip/sip-leg.ts', '../webrtc/webrtc-leg.ts', /may import only from/],
  ['media-edge/src/webrtc/webrtc-leg.ts', 'sip.js', /sip\.js lives only in media-edge\/src\/sip/],
  ['media-edge/src/sip/sip-leg.ts', 'mediasoup/types', /mediasoup lives only in/],
  ['functions/src/signaling/dispatch.ts', 'zod', /signaling is pure/],
  ['functions/src/signaling/dispatch.ts', '../adapters/local/store.ts', /may import only from/],
  ['functions/protocol/src/codec.ts', '../../src/ports/clock.ts', /may import only from itself/],
  ['web/src/client/call.ts', '../store/snapshot.ts', /may import only from/],
  ['media-edge/src/somewhere/new.ts', './x.ts', /no row/],
  ['media-edge/src/call-log/x.ts', './x.ts', /no row/],
];

for (const [file, specifier, why] of refused) {
  test(`${file} may not import ${specifier}`, () => {
    const [violation, ...more] = violationsOf(file, imported(specifier));
    assert.match(violation ?? '', why);
    assert.deepEqual(more, []);
  });
}
