import { ProtocolError } from '@sylk/protocol/protocol-error.ts';

/** The peer's session description cannot be used; the text says what is wrong with it and is fit for that peer. */
export class SdpError extends ProtocolError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SdpError';
  }
}

/**
 * Both descriptions are sound, yet only transcoding could connect them: SIP answers 488 (RFC 3261 s. 21.4.26).
 * `offered` and `known` name the formats of each side, for the ladder of the call.
 */
export class NoCommonCodec extends Error {
  readonly code = 488;
  readonly offered: readonly string[];
  readonly known: readonly string[];

  constructor(offered: readonly string[], known: readonly string[]) {
    super(`no common codec: one side has ${listed(offered)}, the other ${listed(known)}`);
    this.name = 'NoCommonCodec';
    this.offered = offered;
    this.known = known;
  }
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
