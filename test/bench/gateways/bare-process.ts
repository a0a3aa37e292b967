/**
 * The least that can connect a browser to a phone: one process, one WebSocket, mediasoup without relay, an INVITE by
 * string. It knows no account, no dialog and no error: a floor to compare with, not a gateway.
 */
import { createSocket } from 'node:dgram';
import { createWorker } from 'mediasoup';
import type { PlainTransport, Router, WebRtcServer } from 'mediasoup/types';
import { WebSocketServer } from 'ws';

const [port, mediaPort] = process.argv.slice(2).map(Number);
const workerBin = process.env.SYLK_WORKER_BIN;
const worker = await createWorker({ logLevel: 'error', ...(workerBin ? { workerBin } : {}) });
const server: WebRtcServer = await worker.createWebRtcServer({
  listenInfos: [{ protocol: 'udp', ip: '127.0.0.1', port: mediaPort }],
});
const sip = createSocket('udp4');
const waiting = new Map<string, (port: number) => void>();
await new Promise<void>((resolve) => sip.bind(0, '127.0.0.1', resolve));
sip.on('message', (bytes, from) => {
  const text = bytes.toString('latin1');
  if (!text.startsWith('SIP/2.0 200') || !/CSeq: 1 INVITE/.test(text)) return;
  const id = /^Call-ID: (.*)$/m.exec(text)?.[1] ?? '';
  sip.send(
    text
      .replace(/^SIP.*$/m, `ACK sip:u@127.0.0.1:${from.port} SIP/2.0`)
      .replace('1 INVITE', '1 ACK')
      .replace(/Content-Length[\s\S]*/, 'Content-Length: 0\r\n\r\n'),
    from.port,
    from.address,
  );
  waiting.get(id)?.(Number(/m=audio (\d+)/.exec(text)?.[1]));
});

const codec = { kind: 'audio', mimeType: 'audio/PCMU', clockRate: 8000, preferredPayloadType: 0 } as const;

new WebSocketServer({ port, host: '127.0.0.1' }).on('connection', (socket) => {
  const routers = new Map<string, Router>();
  socket.on('message', async (data) => {
    const { id, to, offer, end } = JSON.parse(String(data));
    if (end) return routers.get(id)?.close();
    const router = await worker.createRouter({ mediaCodecs: [codec] });
    routers.set(id, router);
    const plain = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
      rtcpMux: false,
      comedia: false,
    });
    const browser = await router.createWebRtcTransport({ webRtcServer: server });
    const remote = await invite(id, to, plain);
    await plain.connect({ ip: '127.0.0.1', port: remote, rtcpPort: remote + 1 });
    const pick = (pattern: RegExp) => pattern.exec(offer)?.[1] ?? '';
    await browser.connect({
      dtlsParameters: {
        role: 'client',
        fingerprints: [{ algorithm: 'sha-256', value: pick(/a=fingerprint:sha-256 (\S+)/) }],
      },
    });
    const parameters = (ssrc: number) => ({
      codecs: [{ mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0 }],
      encodings: [{ ssrc }],
    });
    const fromBrowser = await browser.produce({
      kind: 'audio',
      rtpParameters: { ...parameters(Number(pick(/a=ssrc:(\d+)/))), mid: pick(/a=mid:(\S+)/) },
    });
    const back = await plain.consume({ producerId: fromBrowser.id, rtpCapabilities: router.rtpCapabilities });
    // The phone sends back what it gets, so its SSRC is the one that we send.
    const fromPhone = await plain.produce({
      kind: 'audio',
      rtpParameters: parameters(back.rtpParameters.encodings?.[0]?.ssrc ?? 1),
    });
    const toBrowser = await browser.consume({ producerId: fromPhone.id, rtpCapabilities: router.rtpCapabilities });
    const {
      iceParameters: ice,
      dtlsParameters: dtls,
      iceCandidates: [candidate],
    } = browser;
    const fingerprint = dtls.fingerprints.find(({ algorithm }) => algorithm === 'sha-256')?.value;
    socket.send(
      JSON.stringify({
        id,
        sdp: [
          'v=0',
          'o=- 1 1 IN IP4 127.0.0.1',
          's=-',
          't=0 0',
          'a=ice-lite',
          `a=group:BUNDLE ${pick(/a=mid:(\S+)/)}`,
          'm=audio 9 UDP/TLS/RTP/SAVPF 0',
          'c=IN IP4 127.0.0.1',
          `a=ice-ufrag:${ice.usernameFragment}`,
          `a=ice-pwd:${ice.password}`,
          `a=fingerprint:sha-256 ${fingerprint}`,
          'a=setup:passive',
          `a=mid:${pick(/a=mid:(\S+)/)}`,
          `a=candidate:1 1 udp 1 ${candidate?.ip} ${candidate?.port} typ host`,
          'a=end-of-candidates',
          'a=rtcp-mux',
          'a=sendrecv',
          'a=rtpmap:0 PCMU/8000',
          `a=ssrc:${toBrowser.rtpParameters.encodings?.[0]?.ssrc} cname:bare`,
          '',
        ].join('\r\n'),
      }),
    );
  });
});

function invite(id: string, to: string, plain: PlainTransport): Promise<number> {
  const sdp = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${plain.tuple.localPort} RTP/AVP 0`,
    'a=rtpmap:0 PCMU/8000',
    '',
  ].join('\r\n');
  const own = sip.address().port;
  sip.send(
    [
      `INVITE sip:${to} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${own};branch=z9hG4bK${id}`,
      'Max-Forwards: 70',
      'From: <sip:bare@127.0.0.1>;tag=1',
      `To: <sip:${to}>`,
      `Call-ID: ${id}`,
      'CSeq: 1 INVITE',
      `Contact: <sip:bare@127.0.0.1:${own}>`,
      'Content-Type: application/sdp',
      `Content-Length: ${sdp.length}`,
      '',
      sdp,
    ].join('\r\n'),
    Number(/:(\d+)$/.exec(to)?.[1]),
    '127.0.0.1',
  );
  return new Promise((resolve) => waiting.set(id, resolve));
}
console.log('{"ready":"bare"}');
