/** A peer sent something that is not in the protocol. The message says what, and may be shown to the peer. */
export class ProtocolError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProtocolError';
  }
}
