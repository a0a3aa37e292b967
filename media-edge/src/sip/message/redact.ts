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
  return head
    .replace(
      /^((?:proxy-)?authorization|authentication-info)([ \t]*:[ \t]*\w*).*(?:\r\n[ \t].*)*/gim,
      `$1$2 ${leftOut}`,
    )
    .replace(/(sips?:[^@\s:;<>]*):[^@\s<>]*@/gi, `$1:${leftOut}@`);
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
