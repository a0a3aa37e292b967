/** Who calls or is called: an address without `sip:`, and the name to show, empty when there is none. */
export class Identity {
  readonly uri: string;
  readonly displayName: string;

  constructor(uri: string, displayName?: string | null) {
    this.uri = uri;
    this.displayName = displayName ?? '';
  }

  toString(): string {
    return this.displayName === '' ? this.uri : `${this.displayName} <${this.uri}>`;
  }
}
