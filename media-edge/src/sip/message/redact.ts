/** A person reads it in a ladder; longer ones are cut. */
const maxChars = 8_000;

/** A SIP message for the ladder of its call: without credentials, media keys, digits typed, and bodies of others. */
export function redactMessage(text: string): string {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const body = end < 0 ? '' : text.slice(end + 4);
  const type = /^(?:content-type|c)[ \t]*:[ \t]*([^\r\n;]+)/im.exec(head)?.[1]?.trim().toLowerCase() ?? '';
  const whole = `${redactHead(head)}\r\n\r\n${redactBody(type, body)}`;
  return whole.length > maxChars ? `${whole.slice(0, maxChars)} ... (${whole.length} characters)` : whole;
}

function redactHead(head: string): string {
  return withoutPasswords(
    head.replace(
      /^((?:proxy-)?authorization|authentication-info)([ \t]*:[ \t]*\w*).*(?:\r\n[ \t].*)*/gim,
      `$1$2 ${leftOut}`,
    ),
  );
}

/**
 * Takes the password out of each `sip:user:password@`. It goes from `@` to `@`: a pattern that began at each
 * `sip:` would read the rest of the text again for every one of them.
 */
function withoutPasswords(text: string): string {
  const parts = text.split('@');
  return parts.map((part, index) => (index === parts.length - 1 ? part : withoutPassword(part))).join('@');
}

/** @param text ends before an `@` */
function withoutPassword(text: string): string {
  const start = 1 + Math.max(...[' ', '\t', '\r', '\n', '<', '>'].map((end) => text.lastIndexOf(end)));
  const userinfo = text.slice(start);
  const scheme = userinfo.toLowerCase().search(/sips?:/);
  const user = scheme < 0 ? -1 : userinfo.indexOf(':', scheme) + 1;
  const colon = user < 1 ? -1 : userinfo.indexOf(':', user);
  return colon < 0 ? text : `${text.slice(0, start + colon)}:${leftOut}`;
}

function redactBody(type: string, body: string): string {
  if (body === '') return '';
  if (type !== 'application/sdp') return `(${body.length} characters of ${type || 'no type'}, left out)`;
  return body
    .replace(/^(a=crypto:\d+ \S+ ).*/gm, `$1${leftOut}`)
    .replace(/^(a=(?:ice-pwd|key-mgmt):|k=).*/gm, `$1${leftOut}`);
}

const leftOut = '(left out)';

/** `INVITE`, `180 Ringing`, `200 OK (BYE)`: how a message is called in the ladder. */
export function labelOf(text: string): string {
  const [line = ''] = text.split('\r\n', 1);
  if (!line.startsWith('SIP/2.0 ')) return line.split(' ', 1)[0] ?? '';
  const method = /^cseq[ \t]*:[ \t]*\d+[ \t]+(\S+)/im.exec(text)?.[1] ?? 'INVITE';
  const status = line.slice('SIP/2.0 '.length);
  return method === 'INVITE' ? status : `${status} (${method})`;
}
