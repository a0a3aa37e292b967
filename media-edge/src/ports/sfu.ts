/**
 * The media plane as the legs see it. `mediasoup/` implements it; `test/fakes` has a fake.
 * Everything closes downward: worker -> router -> transport -> producer and consumer.
 */
import type { Codec, Direction, MediaKind, Source } from '../call/media.ts';
import type { Security } from './relay.ts';

export interface Sfu {
  /**
   * A router for one call, made for an offer.
   * @param codecs with the payload types that every browser leg on it will use
   */
  createRouter(codecs: readonly Codec[]): Promise<Router>;
  /** 0..1 of a core, the busiest worker. */
  cpuLoad(): number;
  close(): void;
}

export interface Router {
  readonly id: string;
  /** The router's codecs (payload types included) and header extensions: what an offer of ours is written from. */
  readonly capabilities: RouterCapabilities;
  createBrowserTransport(): Promise<BrowserTransport>;
  /** A plain RTP leg behind a relay socket of its own. */
  createPlainTransport(options: PlainOptions): Promise<PlainTransport>;
  /**
   * A leg of a SIP peer with ICE and DTLS-SRTP.
   * @param codecs with the payload types that the peer will use; they need not be those of this router
   */
  createIcePeer(codecs: readonly Codec[]): Promise<IcePeerTransport>;
  onClosed(callback: (reason: string) => void): void;
  close(): void;
}

export interface RouterCapabilities {
  readonly codecs: readonly Codec[];
  /** rtx payload type by the payload type it repairs. */
  readonly rtxPayloadTypes: ReadonlyMap<number, number>;
  readonly headerExtensions: readonly HeaderExtension[];
}

export interface HeaderExtension {
  readonly kind: MediaKind;
  readonly uri: string;
  readonly id: number;
}

/** What a browser's SDP says of the RTP it sends: enough to make a producer of it. */
export interface SendParameters {
  readonly kind: MediaKind;
  readonly mid: string;
  readonly codec: Codec;
  /** telephone-event at the codec's clock, where both sides have it. */
  readonly dtmf?: Codec;
  readonly rtxPayloadType?: number;
  /** Payload types of the repaired codec's feedback, as `a=rtcp-fb` gives them: `nack`, `nack pli`, `ccm fir`, ... */
  readonly feedback: readonly string[];
  readonly headerExtensions: readonly HeaderExtension[];
  readonly ssrc?: number;
  readonly rtxSsrc?: number;
  readonly cname?: string;
}

/** What a browser will get: goes into the SDP. */
export interface Consumed {
  readonly consumerId: string;
  readonly producerId: string;
  readonly kind: MediaKind;
  readonly ssrc: number;
  readonly rtxSsrc?: number;
  readonly cname: string;
}

export interface BrowserTransport {
  readonly id: string;
  readonly ice: { readonly usernameFragment: string; readonly password: string };
  readonly candidates: readonly IceCandidate[];
  /** `sha-256` and the fingerprint, upper case with colons. */
  readonly fingerprint: { readonly algorithm: string; readonly value: string };
  /** Role of the browser in DTLS, from `a=setup` (RFC 5763 s. 5). Once. */
  connect(dtls: { role: 'client' | 'server'; algorithm: string; fingerprint: string }): Promise<void>;
  /** New credentials; `ice` has them afterwards. */
  restartIce(): Promise<void>;
  produce(send: SendParameters): Promise<Source>;
  closeProducer(producerId: string): void;
  /**
   * Sends a source to this browser.
   * @param receive what the browser said it takes on that line: chosen codec, its extensions (uri and id), mid
   */
  consume(source: Source, receive: SendParameters): Promise<Consumed>;
  closeConsumer(consumerId: string): void;
  pauseConsumer(consumerId: string, isPaused: boolean): Promise<void>;
  requestKeyFrame(consumerId: string): Promise<void>;
  /** What the browser may send to us at most, bits per second (REMB). */
  setMaxIncomingBitrate(bps: number): Promise<void>;
  stats(): Promise<TransportStats>;
  /** `up` when ICE and DTLS are connected; `lost` when consent or DTLS is gone; `up` again after a restart. */
  onState(callback: (state: 'up' | 'lost' | 'failed', detail: string) => void): void;
  /** Estimate of what this browser can take, bits per second, when it changes (transport-cc or REMB). */
  onReceiverEstimate(callback: (bps: number) => void): void;
  onClosed(callback: (reason: string) => void): void;
  close(): void;
}

export interface IceCandidate {
  readonly foundation: string;
  readonly priority: number;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'udp' | 'tcp';
}

export interface PlainOptions {
  /** Address to bind and to announce to this peer (the right local one for its route). */
  readonly address: string;
  /** True if RTP may come from any port and address of the peer (symmetric RTP); the first valid sender wins. */
  readonly latch: boolean;
  /** What it carries; sound when left out. */
  readonly media?: MediaKind;
}

/** What else a peer's description says of a stream of its own. */
export interface PeerFormat {
  /** What it takes of RTCP feedback, as `a=rtcp-fb` gives it; for pictures only. */
  readonly feedback?: readonly string[];
  /** Further payload types by which it may send the same codec. */
  readonly alsoPayloadTypes?: readonly number[];
  /** Of its stream, where it says so. */
  readonly ssrc?: number | undefined;
}

export interface PlainTransport {
  /** What the SDP towards the peer says. RTCP is on `port + 1` unless muxed. */
  readonly address: string;
  readonly port: number;
  /** Where the peer wants its media; may be called again (re-INVITE). Checked against the allowed networks before. */
  setRemote(remote: { address: string; port: number; rtcpPort: number }): void;
  /** SRTP by these keys (SDES) from now on, or plain RTP. */
  setSecurity(security: Security | undefined): void;
  /**
   * @param codec with the PEER's payload type; the relay maps it to the router's
   */
  produce(kind: MediaKind, codec: Codec, dtmf: Codec | undefined, format?: PeerFormat): Promise<Source>;
  /** Sends a source to the peer with the peer's payload type. */
  consume(source: Source, codec: Codec, dtmf: Codec | undefined): Promise<void>;
  /** What flows, by our answer: `sendonly` sends to the peer and ignores its RTP. */
  setDirection(direction: Direction): void;
  /** RFC 4733 events towards the peer. */
  sendDtmf(digit: string, durationMs: number): void;
  onDtmf(callback: (digit: string, durationMs: number) => void): void;
  /** Asks for a whole picture of what is sent to the peer. */
  requestKeyFrame(): Promise<void>;
  /** Somebody needs a whole picture of the peer, which has not said that it takes such requests by RTCP. */
  onKeyFrameWanted(callback: () => void): void;
  /** First RTP of the peer. */
  onFirstPacket(callback: () => void): void;
  /** No RTP for so long, although the direction expects it. */
  onSilence(callback: (silentMs: number) => void): void;
  stats(): Promise<TransportStats>;
  onClosed(callback: (reason: string) => void): void;
  close(): void;
}

/** The same for a peer that comes by ICE and brings its keys by DTLS. Telephone events it has none. */
export interface IcePeerTransport
  extends PlainTransport,
    Pick<BrowserTransport, 'ice' | 'candidates' | 'fingerprint' | 'connect'> {}

export interface TransportStats {
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Of those that came in. */
  readonly packetsLost: number;
  /** Of those that went out, as the peer reports it (RFC 3550 s. 6.4.1); absent where it is not asked. */
  readonly packetsLostOut?: number;
  /** Of the sound that came in (RFC 3550 s. 6.4.1), ms. */
  readonly jitterMs?: number;
  /** `udp 203.0.113.5:4711` once known. */
  readonly remote?: string;
}
