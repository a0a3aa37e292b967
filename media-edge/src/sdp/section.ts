/** A session description as typed data (RFC 8866). The values are as on the wire; what they mean is for others to say. */
import type { Direction } from '../call/media.ts';

export interface Description {
  readonly origin: Origin;
  readonly address?: string;
  readonly isIceLite: boolean;
  /** The mids of each `a=group:BUNDLE`. */
  readonly bundles: readonly (readonly string[])[];
  readonly direction?: Direction;
  readonly ice?: IceCredentials;
  readonly fingerprint?: Fingerprint;
  readonly setup?: string;
  readonly extensions: readonly ExtensionMap[];
  readonly sections: readonly Section[];
}

/** `o=` without its user name: one session, and a version that rises with each change (RFC 8866 s. 5.2). */
export interface Origin {
  readonly sessionId: string;
  readonly version: number;
  readonly address: string;
}

export interface IceCredentials {
  readonly usernameFragment: string;
  readonly password: string;
}

export interface Fingerprint {
  /** `sha-256` */
  readonly algorithm: string;
  /** Upper-case hexadecimal with colons. */
  readonly value: string;
}

export interface ExtensionMap {
  readonly id: number;
  readonly uri: string;
}

/** One `m=` line with what belongs to it. */
export interface Section {
  /** `audio`, `video`, `application`, ... */
  readonly kind: string;
  /** 0 refuses or ends the line, unless it is bundle-only (RFC 9143 s. 7). */
  readonly port: number;
  readonly protocol: string;
  /** As on the m-line: payload types for RTP. */
  readonly formats: readonly string[];
  readonly mid?: string;
  readonly direction?: Direction;
  readonly address?: string;
  /** `a=rtcp` (RFC 3605). */
  readonly rtcpPort?: number;
  readonly isRtcpMux: boolean;
  readonly isRtcpReducedSize: boolean;
  readonly isBundleOnly: boolean;
  readonly formatMaps: readonly FormatMap[];
  readonly formatParameters: readonly { readonly payloadType: number; readonly text: string }[];
  readonly feedback: readonly { readonly payloadType: number | '*'; readonly value: string }[];
  readonly extensions: readonly ExtensionMap[];
  readonly ice?: IceCredentials;
  readonly fingerprint?: Fingerprint;
  readonly setup?: string;
  readonly ssrcs: readonly { readonly ssrc: number; readonly attribute: string; readonly value: string }[];
  readonly ssrcGroups: readonly { readonly semantics: string; readonly ssrcs: readonly number[] }[];
  readonly bandwidths: readonly { readonly type: 'AS' | 'CT' | 'RR' | 'RS' | 'TIAS'; readonly limit: number }[];
  readonly packetTimeMs?: number;
  readonly candidates: readonly Candidate[];
  readonly cryptos: readonly Crypto[];
  readonly stream?: { readonly id: string; readonly track: string };
}

/** `a=rtpmap` */
export interface FormatMap {
  readonly payloadType: number;
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels?: number;
}

/** A host candidate of ours (RFC 8839 s. 5.1); those of the peer are not read, an ICE-lite agent does not need them. */
export interface Candidate {
  readonly foundation: string;
  readonly priority: number;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'udp' | 'tcp';
}

/** `a=crypto` (RFC 4568 s. 9.1). */
export interface Crypto {
  readonly tag: number;
  readonly suite: string;
  /** `inline:` and what follows it up to the next space. */
  readonly keys: string;
  /** The first parameter of the session, if there are any. */
  readonly parameter?: string;
}

/** An empty section, to write one from. */
export const blankSection = {
  isRtcpMux: false,
  isRtcpReducedSize: false,
  isBundleOnly: false,
  formatMaps: [],
  formatParameters: [],
  feedback: [],
  extensions: [],
  ssrcs: [],
  ssrcGroups: [],
  bandwidths: [],
  candidates: [],
  cryptos: [],
} as const;
