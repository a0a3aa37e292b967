import { completeResponse } from '../../../media-edge/src/sip/message/complete-response.ts';
import { type ParsedRequest, parseMessage } from '../../../media-edge/src/sip/message/parse-message.ts';
import { redactMessage } from '../../../media-edge/src/sip/message/redact.ts';
import { refusalOf } from '../../../media-edge/src/sip/message/sanity.ts';
import { statelessReply } from '../../../media-edge/src/sip/message/stateless-reply.ts';
import { stampVia } from '../../../media-edge/src/sip/message/via.ts';
import { must } from '../engine/finding.ts';
import type { Target } from '../engine/target.ts';
import { messages, words } from './sip-texts.ts';

/**
 * A datagram up to the point where somebody would work on it: read, looked at, answered.
 * @param parse the parser; another one in the fuzzer's own tests
 */
export const sipMessageTarget = (parse: typeof parseMessage = parseMessage): Target => ({
  name: 'sip-message',
  seeds: messages,
  dictionary: words,
  maxBytes: 16 * 1024,
  run(input) {
    const bytes = Buffer.from(input);
    const parsed = parse(bytes);
    redactMessage(bytes.toString('utf8'));
    if (parsed.kind === 'response') completeResponse(parsed.message);
    if (parsed.kind !== 'request') return;
    const { message, via } = parsed;
    const [top] = message.headers.Via ?? [];
    if (top !== undefined) top.raw = stampVia(top.raw, via, { address: '192.0.2.1', port: 5060 });
    checkReply(parsed);
    if (refusalOf(parsed, () => true) === undefined) checkAccepted(parsed, bytes.toString('latin1'));
  },
});

/** Whatever a request looks like, our answer to it is a response that anybody can read, with nothing slipped in. */
function checkReply({ message }: ParsedRequest): void {
  const reply = statelessReply(message, { code: 404, phrase: 'Not Found' });
  const head = reply.slice(0, -4);
  must(reply.endsWith('\r\n\r\n') && !head.includes('\r\n\r\n'), 'an answer ends more than once');
  must(!/\r(?!\n)|(?<!\r)\n/.test(head), 'an answer has a lone line end');
  const lines = head.split('\r\n');
  must(lines[0] === 'SIP/2.0 404 Not Found', 'an answer has another status line');
  must(
    lines.slice(1).every((line) => /^[\w-]+: /.test(line)),
    'an answer has a line that is no header',
  );
  const vias = lines.filter((line) => line.startsWith('Via: ')).length;
  must(vias === message.getHeaders('via').length, 'an answer has another number of Via');
}

/** The rules that no request may break, written a second time and in another way than in the parser. */
function checkAccepted({ message, fault }: ParsedRequest, text: string): void {
  must(fault === undefined, 'a request with a fault goes on');
  const [head = ''] = text.split('\r\n\r\n', 1);
  const [start = '', ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const [method, target, version, rest] = start.split(' ');
  must(version?.toUpperCase() === 'SIP/2.0' && rest === undefined && target !== '', 'a start line of other words');
  must(method === message.method, 'a method was read wrong');
  const values = (...names: string[]) =>
    lines
      .map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])
      .filter(([name = '']) => names.includes(name))
      .map(([, value = '']) => value);
  for (const names of [['from', 'f'], ['to', 't'], ['call-id', 'i'], ['cseq']])
    must(values(...names).length === 1, `not one ${names[0]}`);
  const [number = '', ofMethod] = (values('cseq')[0] ?? '').split(/\s+/);
  must(ofMethod === method, 'a CSeq of another method goes on');
  must(/^\d+$/.test(number) && Number(number) < 2 ** 31, 'a CSeq out of range goes on');
  must(/;\s*tag\s*=/i.test(values('from', 'f')[0] ?? ''), 'a From without tag goes on');
  must(values('via', 'v').length > 0, 'a request without Via goes on');
  must(
    values('max-forwards').every((hops) => Number(hops) <= 255),
    'Max-Forwards over 255 goes on',
  );
  checkLength(values('content-length', 'l'), text.length - head.length - 4);
}

function checkLength(lengths: readonly string[], bytesLeft: number): void {
  must(lengths.length <= 1, 'two lengths go on');
  const [length = '0'] = lengths;
  must(/^\d+$/.test(length) && Number(length) <= bytesLeft, 'a length beyond the message goes on');
}
