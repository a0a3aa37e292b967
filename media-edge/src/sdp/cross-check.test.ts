/** The same descriptions as another implementation reads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractDtlsParameters, extractRtpCapabilities, getCname } from 'mediasoup-client/handlers/sdp/commonUtils';
import { getRtpEncodings } from 'mediasoup-client/handlers/sdp/unifiedPlanUtils';
import { parse } from 'sdp-transform';
import { writeBrowserAnswer } from './browser-answer.ts';
import { readBrowserDescription } from './browser-offer.ts';
import { writeBrowserOffer } from './browser-write-offer.ts';
import { capabilitiesOf, consumedAudio, fixture, localTransport } from './fixtures.ts';
import { routerCodecs } from './router-codecs.ts';
import { toSendParameters } from './rtp-parameters.ts';

const names = [
  'chromium-av-offer',
  'chromium-av-answer',
  'firefox-av-offer',
  'firefox-av-answer',
  'chromium-recvonly-offer',
];

for (const name of names) {
  test(`${name}: codecs, repair, feedback and parameters are what mediasoup-client reads`, () => {
    const theirs = extractRtpCapabilities({ sdpObject: parse(fixture(name)) }).codecs ?? [];
    for (const line of readBrowserDescription(fixture(name)).lines) {
      for (const { codec, rtxPayloadType, feedback } of line.codecs) {
        const same = theirs.find((other) => other.preferredPayloadType === codec.payloadType);
        assert.equal(same?.mimeType.toLowerCase(), codec.mimeType.toLowerCase());
        assert.equal(same?.clockRate, codec.clockRate);
        assert.equal(same?.channels ?? 1, codec.channels ?? 1);
        assert.deepEqual(
          same?.rtcpFeedback?.map(({ type, parameter }) => (parameter ? `${type} ${parameter}` : type)),
          feedback,
        );
        if (codec.mimeType !== 'audio/telephone-event') assert.deepEqual(same?.parameters, codec.parameters);
        const repair = theirs.find(
          (other) => /rtx$/.test(other.mimeType) && other.parameters?.apt === codec.payloadType,
        );
        assert.equal(repair?.preferredPayloadType, rtxPayloadType);
      }
    }
  });

  test(`${name}: DTLS and streams are what mediasoup-client reads`, () => {
    const sdpObject = parse(fixture(name));
    const { dtls, lines } = readBrowserDescription(fixture(name));
    const theirs = extractDtlsParameters({ sdpObject });
    assert.equal(theirs.fingerprints[0]?.value, dtls.fingerprint.value);
    assert.equal(theirs.role, { actpass: 'auto', active: 'client', passive: 'server' }[dtls.setup]);
    for (const [index, line] of lines.entries()) {
      const offerMediaObject = sdpObject.media[index];
      if (offerMediaObject?.ssrcs === undefined) continue;
      const repair = line.codecs.flatMap(({ codec, rtxPayloadType }) =>
        rtxPayloadType === undefined
          ? []
          : [{ mimeType: 'video/rtx', payloadType: rtxPayloadType, clockRate: codec.clockRate }],
      );
      const [encoding] = getRtpEncodings({ offerMediaObject, codecs: repair });
      assert.deepEqual([encoding?.ssrc, encoding?.rtx?.ssrc], [line.ssrc, line.rtxSsrc]);
      assert.equal(getCname({ offerMediaObject }), line.cname);
    }
  });
}

test('our answer and our offer say to mediasoup-client what we meant', () => {
  const offer = readBrowserDescription(fixture('chromium-audio-offer'));
  const capabilities = capabilitiesOf(routerCodecs(offer.neutral));
  const [line] = offer.lines;
  const opus = line?.codecs[0]?.codec;
  assert.ok(line && opus);
  const parameters = toSendParameters(line, opus, capabilities);
  const session = { id: '1', version: 1 };
  const answer = parse(
    writeBrowserAnswer({
      offer,
      accepted: [{ parameters, direction: 'sendrecv', consumed: consumedAudio }],
      transport: localTransport,
      session,
    }).sdp,
  );
  assert.equal(extractDtlsParameters({ sdpObject: answer }).role, 'server');
  const [media] = answer.media;
  assert.ok(media);
  assert.equal(getRtpEncodings({ offerMediaObject: media, codecs: [] })[0]?.ssrc, 1001);
  const ours = parse(
    writeBrowserOffer({
      capabilities,
      lines: [{ kind: 'video', direction: 'sendrecv' }],
      transport: localTransport,
      session,
    }).sdp,
  );
  assert.equal(extractDtlsParameters({ sdpObject: ours }).role, 'auto');
  const codecs = extractRtpCapabilities({ sdpObject: ours }).codecs ?? [];
  assert.deepEqual(
    codecs.filter((codec) => !/rtx/.test(codec.mimeType)).map((codec) => codec.preferredPayloadType),
    [96, 108, 102, 114, 104, 98, 45],
  );
});
