import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBrowserDescription } from './browser-offer.ts';
import { parseDescription, printDescription } from './description.ts';
import { changed, fixture } from './fixtures.ts';
import { readPlainDescription } from './plain-read.ts';
import { routerCodecs } from './router-codecs.ts';
import { SdpError } from './sdp-error.ts';

const names = readdirSync(new URL('fixtures/', import.meta.url)).map((name) => name.replace('.sdp', ''));

/** Reads it as both kinds of peer would send it; anything but an `SdpError` fails the test. */
function readAnyway(text: string): void {
  for (const read of [readBrowserDescription, readPlainDescription]) {
    try {
      routerCodecs(read(text).neutral);
    } catch (error) {
      if (!(error instanceof SdpError)) throw error;
    }
  }
}

test('every recorded description is read, and printed so that it reads the same', () => {
  for (const name of names) {
    const once = parseDescription(fixture(name));
    assert.deepEqual(parseDescription(printDescription(once)).sections, once.sections, name);
  }
});

test('cut at any byte it is read or refused', () => {
  for (const name of ['chromium-audio-offer', 'firefox-audio-offer', 'baresip-offer']) {
    const text = fixture(name);
    for (let length = 0; length < text.length; length += 1) readAnyway(text.slice(0, length));
  }
});

test('with any line missing, doubled, emptied or moved it is read or refused', () => {
  for (const name of ['chromium-audio-offer', 'firefox-audio-offer', 'desk-phone-offer']) {
    const lines = fixture(name).split('\r\n');
    for (let index = 1; index < lines.length; index += 1) {
      const line = lines[index] ?? '';
      for (const replacement of [[], [line, line], [line.slice(0, 2)], [`${line} \u{1f4de}`], ['a=mid:0', line]]) {
        readAnyway(lines.toSpliced(index, 1, ...replacement).join('\r\n'));
      }
      readAnyway([...lines.toSpliced(index, 1), line].join('\r\n'));
    }
  }
});

test('with values of another kind in any place it is read or refused', () => {
  const odd = fc.constantFrom(
    '0',
    '-1',
    '5',
    '65536',
    '99999999999999999999',
    'NaN',
    '__proto__',
    'constructor',
    '*',
    '',
    ' ',
    '1e3',
    'a'.repeat(300),
    '%s%d',
    '\t',
  );
  const text = fixture('chromium-av-offer');
  const places = [...text.matchAll(/[\w.:/+-]+/g)].map((match) => ({ at: match.index, length: match[0].length }));
  fc.assert(
    fc.property(fc.constantFrom(...places), odd, fc.constantFrom(...places), odd, (one, first, other, second) => {
      const [early, late] = one.at <= other.at ? [one, other] : [other, one];
      if (early === late) return;
      const head = text.slice(0, early.at) + first;
      readAnyway(head + text.slice(early.at + early.length, late.at) + second + text.slice(late.at + late.length));
    }),
    { numRuns: 300 },
  );
});

test('made of lines at random it is read or refused', () => {
  const all = [...new Set(names.flatMap((name) => fixture(name).split('\r\n')))];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...all), { maxLength: 60 }), (lines) =>
      readAnyway(['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', ...lines].join('\r\n')),
    ),
    { numRuns: 200 },
  );
});

test('absurd descriptions are refused early, by what is too much', () => {
  const offer = fixture('chromium-audio-offer');
  const media = offer.slice(offer.indexOf('m=audio'));
  const cases: readonly [string, RegExp][] = [
    ['', /does not begin/],
    ['hello', /does not begin/],
    ['v=1\r\n', /does not begin/],
    ['v=0\r\ns=-\r\n', /no usable o=/],
    ['v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n', /no m= line/],
    [`${offer}${'a=x\r\n'.repeat(2000)}`, /at most 1200/],
    [`${offer}a=${'x'.repeat(3000)}\r\n`, /over 2048 characters/],
    [`${offer}${'a=x:yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(900)}`, /at most 24576/],
    [
      offer + Array.from({ length: 9 }, (_, index) => `m=audio 9 RTP/AVP 0\r\na=mid:x${index}\r\n`).join(''),
      /10 m= lines/,
    ],
    [offer + media, /two m= lines by the mid '0'/],
    [changed(offer, 'SAVPF 111 63', 'SAVPF 111 128'), /payload type '128'/],
    [changed(offer, 'SAVPF 111 63', 'SAVPF 111 -1'), /payload type '-1'/],
    [
      changed(offer, 'SAVPF 111 63', `SAVPF ${Array.from({ length: 97 }, (_, index) => index).join(' ')}`),
      /at most 96/,
    ],
    [changed(offer, /m=audio \d+/, 'm=audio 70000'), /port 70000/],
    [changed(offer, /m=audio \d+/, 'm=audio 5004/2'), /cannot be read/],
    [changed(offer, 't=0 0', 't=0 0\r\ns=\0'), /no text/],
    [changed(offer, 't=0 0', 't=0 0\r\ns=\uFFFD'), /no text/],
    [offer + Array.from({ length: 65 }, (_, index) => `a=ssrc:${index} cname:x\r\n`).join(''), /at most 64/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => parseDescription(text),
      (error) => error instanceof SdpError && message.test(error.message),
      String(message),
    );
  }
});

test('bytes that are no UTF-8 are refused, by what the decoder makes of them', () => {
  const bytes = new TextEncoder().encode(fixture('baresip-offer'));
  bytes.set([0xff], 40);
  assert.throws(() => parseDescription(new TextDecoder().decode(bytes)), SdpError);
});

test('names of object members are names like others', () => {
  const text = changed(
    fixture('baresip-offer'),
    'a=fmtp:96 stereo=1',
    'a=fmtp:96 __proto__=1;constructor=2;toString=3',
  );
  assert.deepEqual(Object.keys(readPlainDescription(text).neutral.lines[0]?.codecs[0]?.parameters ?? {}).toSorted(), [
    'constructor',
    'sprop-stereo',
    'tostring',
  ]);
});

test('line feeds alone are line ends too', () => {
  assert.equal(readPlainDescription(fixture('desk-phone-offer').replaceAll('\r\n', '\n')).lines.length, 2);
});
