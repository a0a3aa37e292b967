/** Sound messages to begin with, and the words they are made of. */
import { phoneSdp } from '../../fakes/sip-text.ts';

const usual = (method: string): string[] => [
  'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa;rport',
  'Max-Forwards: 70',
  'From: "Bob" <sip:bob@example.org>;tag=1',
  'To: <sip:alice@example.com>',
  'Call-ID: one@example.org',
  `CSeq: 7 ${method}`,
  'Contact: <sip:bob@192.0.2.1:5060;transport=udp>',
];

export function request(method: string, more: readonly string[] = [], body = ''): Buffer {
  const head = [`${method} sip:alice@example.com SIP/2.0`, ...usual(method), ...more, `Content-Length: ${body.length}`];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

const response = (status: string): Buffer =>
  Buffer.from([`SIP/2.0 ${status}`, ...usual('INVITE'), 'Content-Length: 0', '', ''].join('\r\n'));

export const messages: readonly Buffer[] = [
  request('INVITE', ['Content-Type: application/sdp', 'Supported: timer, 100rel', 'User-Agent: x'], phoneSdp()),
  request('OPTIONS', ['Accept: application/sdp']),
  request('REGISTER', [
    'Expires: 60',
    'Authorization: Digest username="a", realm="b", nonce="c", uri="d", response="e"',
  ]),
  request('BYE', ['Reason: SIP;cause=200;text="OK"']),
  request('ACK', ['Route: <sip:192.0.2.9;lr>, <sip:[2001:db8::1]:5070;lr>']),
  request('INFO', ['Content-Type: application/dtmf-relay'], 'Signal=5\r\nDuration=160\r\n'),
  request('REFER', ['Refer-To: <sip:carol@example.com?Replaces=a%3Bto-tag%3Db>', 'Require: norefersub']),
  response('200 OK'),
  response('183 Session Progress'),
  response('407 Proxy Authentication Required'),
];

export const words: readonly string[] = [
  '\r\n',
  '\r\n\r\n',
  '\r\n ',
  'SIP/2.0',
  'sip:',
  'sips:',
  'tel:+1',
  'transport=tcp',
  ';lr',
  ';tag=',
  ';branch=z9hG4bK',
  ';rport',
  ';received=',
  ';maddr=',
  ';;;;',
  '""',
  '\\"',
  '<>',
  '%00',
  '%',
  '[::1]',
  '*',
  'Via: ',
  'v: ',
  'From: ',
  'f: ',
  'To: ',
  't: ',
  'Call-ID: ',
  'i: ',
  'CSeq: ',
  'Contact: ',
  'm: ',
  'Content-Length: ',
  'l: ',
  'Content-Type: ',
  'c: ',
  'Content-Encoding: ',
  'Route: ',
  'Record-Route: ',
  'Require: ',
  'Proxy-Require: ',
  'Supported: ',
  'Max-Forwards: ',
  'Expires: ',
  'Session-Expires: ',
  'Replaces: ',
  'RAck: 1 7 INVITE',
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'REGISTER',
  'UPDATE',
  'PRACK',
  'SUBSCRIBE',
  'application/sdp',
  'multipart/mixed;boundary=x',
];
