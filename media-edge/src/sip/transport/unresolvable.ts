/** Nothing to send to. `code` is the SIP status that says so best. */
export class Unresolvable extends Error {
  readonly code: 403 | 404 | 503;
  constructor(reason: string, options: ErrorOptions & { readonly code: Unresolvable['code'] }) {
    super(reason, options);
    this.name = 'Unresolvable';
    this.code = options.code;
  }
}
