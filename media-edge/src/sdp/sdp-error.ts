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

/** `G729, GSM`: what a person may find in the settings of a phone. Telephone events are beside the point. */
function listed(names: readonly string[]): string {
  const short = names
    .map((name) => name.replace(/^(audio|video)\//, ''))
    .filter((name) => !/^telephone-event/.test(name));
  return short.length === 0 ? 'none' : [...new Set(short)].join(', ');
}
