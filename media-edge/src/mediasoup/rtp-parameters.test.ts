import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Codec } from '../call/media.ts';
import type { SendParameters } from '../ports/sfu.ts';
import { capabilitiesOf } from '../sdp/fixtures.ts';
import { toConsumerCapabilities, toPlainProducerParameters, toProducerParameters } from './rtp-parameters.ts';

const vp8: Codec = { mimeType: 'video/VP8', clockRate: 90_000, payloadType: 96, parameters: {} };
const sendTime = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';
const send: SendParameters = {
  kind: 'video',
  mid: '1',
  codec: vp8,
  rtxPayloadType: 97,
  feedback: ['nack', 'nack pli', 'goog-remb'],
  headerExtensions: [{ kind: 'video', uri: sendTime, id: 2 }],
  ssrc: 5,
  rtxSsrc: 6,
  cname: 'me',
};

test('a producer has the numbers of the browser, its repair stream and its feedback', () => {
  assert.deepEqual(toProducerParameters(send), {
    mid: '1',
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: 96,
        clockRate: 90_000,
        parameters: {},
        rtcpFeedback: [
          { type: 'nack', parameter: '' },
          { type: 'nack', parameter: 'pli' },
          { type: 'goog-remb', parameter: '' },
        ],
      },
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 } },
    ],
    headerExtensions: [{ uri: sendTime, id: 2 }],
    encodings: [{ ssrc: 5, rtx: { ssrc: 6 } }],
    rtcp: { reducedSize: true, cname: 'me' },
  });
});

test('a browser that names no stream is found by its mid', () => {
  assert.deepEqual(toProducerParameters({ ...send, ssrc: undefined, rtxSsrc: undefined }).encodings, [{}]);
});

test('a consumer repairs by the stream of that number only if both sides mean the same', () => {
  const same = toConsumerCapabilities(send, { ...capabilitiesOf([vp8]), rtxPayloadTypes: new Map([[96, 97]]) });
  assert.deepEqual(
    same.codecs?.map((codec) => codec.preferredPayloadType),
    [96, 97],
  );
  const other = toConsumerCapabilities(send, { ...capabilitiesOf([vp8]), rtxPayloadTypes: new Map([[96, 100]]) });
  assert.deepEqual(
    other.codecs?.map((codec) => codec.preferredPayloadType),
    [96],
  );
});

test('a consumer carries an extension only under an id that both sides use', () => {
  assert.deepEqual(toConsumerCapabilities(send, capabilitiesOf([vp8])).headerExtensions, []);
  const same: SendParameters = { ...send, headerExtensions: [{ kind: 'video', uri: sendTime, id: 4 }] };
  assert.deepEqual(toConsumerCapabilities(same, capabilitiesOf([vp8])).headerExtensions, [
    { kind: 'video', uri: sendTime, preferredId: 4 },
  ]);
});

test('the stream of the relay has one source', () => {
  assert.deepEqual(
    toPlainProducerParameters({ ...vp8, mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0 }, 77).encodings,
    [{ ssrc: 77 }],
  );
});
