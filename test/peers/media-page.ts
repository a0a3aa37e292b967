import type { Page } from 'puppeteer-core';

declare global {
  var peer: RTCPeerConnection;
  /** What the page hears, for `heardHz`. */
  var heard: AnalyserNode;
}

export interface Received {
  readonly kind: string;
  readonly packets: number;
  readonly lost: number;
  readonly frames: number;
  /** `audio/opus` */
  readonly codec: string;
  readonly ssrc: number;
}

/** A tab with one peer connection and nothing else; every step is the page's own WebRTC. */
export class MediaPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Makes the peer connection with these devices and offers. */
  async offer(media: { audio?: boolean; video?: boolean }): Promise<string> {
    return this.page.evaluate(async (wanted) => {
      globalThis.peer = new RTCPeerConnection();
      const audio = new AudioContext();
      globalThis.heard = audio.createAnalyser();
      globalThis.heard.fftSize = 8192;
      globalThis.peer.ontrack = ({ track, streams: [stream] }) => {
        if (track.kind !== 'audio' || stream === undefined) return;
        // Chromium decodes for an element only; the analyser listens beside it.
        const element = new Audio();
        element.srcObject = stream;
        element.muted = true;
        void element.play();
        audio.createMediaStreamSource(stream).connect(globalThis.heard);
      };
      const stream =
        wanted.audio || wanted.video ? await navigator.mediaDevices.getUserMedia(wanted) : new MediaStream();
      for (const track of stream.getTracks()) globalThis.peer.addTrack(track, stream);
      await globalThis.peer.setLocalDescription();
      return globalThis.peer.localDescription?.sdp ?? '';
    }, media);
  }

  /** Offers again after a change that the page makes. */
  async offerAgain(change: 'restart-ice' | 'add-video' | 'stop-video' | 'hold' | 'resume'): Promise<string> {
    return this.page.evaluate(async (wanted) => {
      const { peer } = globalThis;
      const video = peer.getTransceivers().find((item) => item.receiver.track.kind === 'video');
      if (wanted === 'restart-ice') peer.restartIce();
      if (wanted === 'stop-video') video?.stop();
      if (wanted === 'hold') for (const item of peer.getTransceivers()) item.direction = 'sendonly';
      if (wanted === 'resume') for (const item of peer.getTransceivers()) item.direction = 'sendrecv';
      if (wanted === 'add-video') {
        const stream = await navigator.mediaDevices.getUserMedia({ video: true });
        for (const track of stream.getTracks()) peer.addTrack(track, stream);
      }
      await peer.setLocalDescription();
      return peer.localDescription?.sdp ?? '';
    }, change);
  }

  async takeAnswer(sdp: string): Promise<void> {
    await this.page.evaluate((text) => globalThis.peer.setRemoteDescription({ type: 'answer', sdp: text }), sdp);
  }

  /** Answers an offer, on a new peer connection unless there is one. */
  async answer(sdp: string, media: { audio?: boolean; video?: boolean }): Promise<string> {
    return this.page.evaluate(
      async (text, wanted) => {
        globalThis.peer ??= new RTCPeerConnection();
        const { peer } = globalThis;
        await peer.setRemoteDescription({ type: 'offer', sdp: text });
        const known = new Set(peer.getSenders().flatMap((sender) => sender.track?.kind ?? []));
        const missing = {
          audio: wanted.audio === true && !known.has('audio'),
          video: wanted.video === true && !known.has('video'),
        };
        const stream =
          missing.audio || missing.video ? await navigator.mediaDevices.getUserMedia(missing) : new MediaStream();
        for (const track of stream.getTracks()) peer.addTrack(track, stream);
        await peer.setLocalDescription();
        return peer.localDescription?.sdp ?? '';
      },
      sdp,
      media,
    );
  }

  /** Waits for ICE and DTLS. @returns the state, also when it is not `connected` after 10 s */
  async connected(): Promise<string> {
    return this.page.evaluate(async () => {
      const { peer } = globalThis;
      for (let tries = 0; tries < 200 && peer.connectionState !== 'connected'; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return peer.connectionState;
    });
  }

  async received(): Promise<Received[]> {
    return this.page.evaluate(async () => {
      const stats = [...(await globalThis.peer.getStats()).values()];
      return stats
        .filter((stat) => stat.type === 'inbound-rtp')
        .map((stat) => ({
          kind: stat.kind,
          packets: stat.packetsReceived,
          lost: stat.packetsLost,
          frames: stat.framesDecoded ?? 0,
          codec: stats.find((other) => other.id === stat.codecId)?.mimeType ?? '',
          ssrc: stat.ssrc,
        }));
    });
  }

  /** What this kind has received in the next `ms`. */
  async receivesWithin(kind: string, ms: number): Promise<{ packets: number; frames: number; codec: string }> {
    const before = (await this.received()).filter((item) => item.kind === kind);
    await new Promise((resolve) => setTimeout(resolve, ms));
    const after = (await this.received()).filter((item) => item.kind === kind);
    const total = (items: readonly Received[], name: 'packets' | 'frames'): number =>
      items.reduce((sum, item) => sum + item[name], 0);
    return {
      packets: total(after, 'packets') - total(before, 'packets'),
      frames: total(after, 'frames') - total(before, 'frames'),
      codec: after.at(-1)?.codec ?? '',
    };
  }

  /** The strongest frequency in what is heard now, Hz. */
  async heardHz(): Promise<number> {
    return this.page.evaluate(() => {
      const { heard } = globalThis;
      const bins = new Float32Array(heard.frequencyBinCount);
      heard.getFloatFrequencyData(bins);
      const peak = bins.indexOf(Math.max(...bins));
      return (peak * heard.context.sampleRate) / heard.fftSize;
    });
  }

  /** `udp` or `tcp`, of the pair in use. */
  async protocol(): Promise<string> {
    return this.page.evaluate(async () => {
      const stats = [...(await globalThis.peer.getStats()).values()];
      const transport = stats.find((stat) => stat.type === 'transport');
      const pair = stats.find((stat) => stat.id === transport?.selectedCandidatePairId);
      return stats.find((stat) => stat.id === pair?.localCandidateId)?.protocol ?? '';
    });
  }

  /** What the encoder aims at, bits per second. */
  async videoTargetBps(): Promise<number> {
    return this.page.evaluate(async () => {
      const stats = [...(await globalThis.peer.getStats()).values()];
      return stats.find((stat) => stat.type === 'outbound-rtp' && stat.kind === 'video')?.targetBitrate ?? 0;
    });
  }

  async sendDtmf(digits: string): Promise<void> {
    await this.page.evaluate((tones) => {
      const sender = globalThis.peer.getSenders().find((item) => item.track?.kind === 'audio');
      sender?.dtmf?.insertDTMF(tones, 120, 100);
    }, digits);
  }

  async hangUp(): Promise<void> {
    await this.page.evaluate(() => globalThis.peer.close());
  }
}
