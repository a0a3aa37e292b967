/** RFC 5118 s. 4: messages with addresses of IPv6. */
import { wire } from './message.ts';

/** The lengths that the RFC prints do not fit its descriptions; they are not what these messages are about. */
const withSdp = (lines: readonly string[], description: readonly string[]) => {
  const body = description.join('\r\n');
  return wire([...lines, `Content-Length: ${body.length}`], body);
};

const registration = (target: string) =>
  wire([
    `REGISTER ${target} SIP/2.0`,
    'To: sip:user@example.com',
    'From: sip:user@example.com;tag=81x2',
    'Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111',
    'Call-ID: SSG9559905523997077@hlau_4100',
    'Max-Forwards: 70',
    'Contact: "Caller" <sip:caller@[2001:db8::1]>',
    'CSeq: 98176 REGISTER',
    'Content-Length: 0',
  ]);

const withDelimiters = wire([
  'BYE sip:[2001:db8::10] SIP/2.0',
  'To: sip:user@example.com;tag=bd76ya',
  'From: sip:user@example.com;tag=81x2',
  'Via: SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3-111',
  'Call-ID: SSG9559905523997077@hlau_4100',
  'Max-Forwards: 70',
  'CSeq: 321 BYE',
  'Content-Length: 0',
]);

const withoutDelimiters = wire([
  'OPTIONS sip:[2001:db8::10] SIP/2.0',
  'To: sip:user@example.com',
  'From: sip:user@example.com;tag=81x2',
  'Via: SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3',
  'Call-ID: SSG95523997077@hlau_4100',
  'Max-Forwards: 70',
  'Contact: "Caller" <sip:caller@[2001:db8::9:1]>',
  'CSeq: 921 OPTIONS',
  'Content-Length: 0',
]);

const inDescription = withSdp(
  [
    'INVITE sip:user@[2001:db8::10] SIP/2.0',
    'To: sip:user@[2001:db8::10]',
    'From: sip:user@example.com;tag=81x2',
    'Via: SIP/2.0/UDP [2001:db8::20];branch=z9hG4bKas3-111',
    'Call-ID: SSG9559905523997077@hlau_4100',
    'Contact: "Caller" <sip:caller@[2001:db8::20]>',
    'CSeq: 8612 INVITE',
    'Max-Forwards: 70',
    'Content-Type: application/sdp',
  ],
  [
    'v=0',
    'o=assistant 971731711378798081 0 IN IP6 2001:db8::20',
    "s=Live video feed for today's meeting",
    'c=IN IP6 2001:db8::20',
    't=3338481189 3370017201',
    'm=audio 6000 RTP/AVP 2',
    'a=rtpmap:2 G726-32/8000',
    'm=video 6024 RTP/AVP 107',
    'a=rtpmap:107 H263-1998/90000',
    '',
  ],
);

const inHeaders = wire([
  'BYE sip:user@host.example.net SIP/2.0',
  'Via: SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111',
  'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144',
  'Via: SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200',
  'Call-ID: 997077@lau_4100',
  'Max-Forwards: 70',
  'CSeq: 89187 BYE',
  'To: sip:user@example.net;tag=9817--94',
  'From: sip:user@example.com;tag=81x2',
  'Content-Length: 0',
]);

const bothInDescription = withSdp(
  [
    'INVITE sip:user@[2001:db8::10] SIP/2.0',
    'To: sip:user@[2001:db8::10]',
    'From: sip:user@example.com;tag=81x2',
    'Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111',
    'Call-ID: SSG9559905523997077@hlau_4100',
    'Contact: "Caller" <sip:caller@[2001:db8::9:1]>',
    'Max-Forwards: 70',
    'CSeq: 8912 INVITE',
    'Content-Type: application/sdp',
  ],
  [
    'v=0',
    'o=bob 280744730 28977631 IN IP4 host.example.com',
    's=',
    't=0 0',
    'm=audio 22334 RTP/AVP 0',
    'c=IN IP4 192.0.2.1',
    'm=video 6024 RTP/AVP 107',
    'c=IN IP6 2001:db8::1',
    'a=rtpmap:107 H263-1998/90000',
    '',
  ],
);

const mapped = withSdp(
  [
    'INVITE sip:user@example.com SIP/2.0',
    'To: sip:user@example.com',
    'From: sip:user@east.example.com;tag=81x2',
    'Via: SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19',
    'Via: SIP/2.0/UDP [::ffff:192.0.2.2];branch=z9hG4bKas3-111',
    'Call-ID: SSG9559905523997077@hlau_4100',
    'Contact: "T. desk phone" <sip:ted@[::ffff:192.0.2.2]>',
    'CSeq: 612 INVITE',
    'Max-Forwards: 70',
    'Content-Type: application/sdp',
  ],
  [
    'v=0',
    'o=assistant 971731711378798081 0 IN IP6 ::ffff:192.0.2.2',
    's=Call me soon, please!',
    'c=IN IP6 ::ffff:192.0.2.2',
    't=3338481189 3370017201',
    'm=audio 6000 RTP/AVP 2',
    'a=rtpmap:2 G726-32/8000',
    'm=video 6024 RTP/AVP 107',
    'a=rtpmap:107 H263-1998/90000',
    '',
  ],
);

const question = (address: string) =>
  wire([
    `OPTIONS sip:user@[${address}] SIP/2.0`,
    `To: sip:user@[${address}]`,
    'From: sip:user@example.com;tag=810x2',
    'Via: SIP/2.0/UDP lab1.east.example.com;branch=z9hG4bKas3-111',
    'Call-ID: G9559905523997077@hlau_4100',
    'CSeq: 689 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
  ]);

export const ipv6 = {
  'ipv6-good': registration('sip:[2001:db8::10]'),
  'ipv6-bad': registration('sip:2001:db8::10'),
  'port-ambiguous': registration('sip:[2001:db8::10:5070]'),
  'port-unambiguous': registration('sip:[2001:db8::10]:5070'),
  'via-received-param-with-delim': withDelimiters,
  'via-received-param-no-delim': withoutDelimiters,
  'ipv6-in-sdp': inDescription,
  'mult-ip-in-header': inHeaders,
  'mult-ip-in-sdp': bothInDescription,
  'ipv4-mapped-ipv6': mapped,
  'ipv6-bug-abnf-3-colons': question('2001:db8:::192.0.2.1'),
  'ipv6-correct-abnf-2-colons': question('2001:db8::192.0.2.1'),
};
