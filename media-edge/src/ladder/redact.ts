/** Longer details are cut: a person reads them. */
const maxDetailChars = 8_000;

/** Fields of sylkRTC messages that let their reader take a session over. */
const secretFields: ReadonlySet<string> = new Set(['resume', 'secret', 'password', 'content']);

const leftOut = '(left out)';

/** A sylkRTC message for the ladder: without secrets, media keys and the words of people. */
export function redactFrame(message: object): string {
  const text = JSON.stringify(message, (field, value: unknown) => {
    if (secretFields.has(field) && typeof value === 'string') return leftOut;
    return field === 'sdp' && typeof value === 'string' ? redactSdp(value) : value;
  });
  return text.length > maxDetailChars ? `${text.slice(0, maxDetailChars)} ... (${text.length} characters)` : text;
}

/** SDP without what opens its media to others. */
export function redactSdp(sdp: string): string {
  return sdp
    .replace(/^(a=ice-pwd:)[^\r\n]*/gm, `$1${leftOut}`)
    .replace(/^(a=crypto:\d+ \S+ )[^\r\n]*/gm, `$1${leftOut}`)
    .replace(/^(k=|a=key-mgmt:)[^\r\n]*/gm, `$1${leftOut}`);
}
