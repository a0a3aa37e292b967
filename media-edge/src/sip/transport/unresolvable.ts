/** Nothing to send to. `code` is the SIP status that says so best. */
export class Unresolvable extends Error {
  readonly code: 403 | 404 | 503;
  constructor(code: Unresolvable['code'], reason: string) {
    super(reason);
    this.name = 'Unresolvable';
    this.code = code;
  }
}
