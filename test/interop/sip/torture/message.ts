/** A message from its lines and its body. */
export function wire(lines: readonly string[], body: Buffer | string = ''): Buffer {
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), Buffer.from(body)]);
}

/** The description that most of these messages carry. @param host last number of the address */
export function sdp(host: number, times = '0 0', media = 'm=video'): string {
  return [
    'v=0',
    `o=mhandley 29739 7272939 IN IP4 192.0.2.${host}`,
    's=-',
    `c=IN IP4 192.0.2.${host}`,
    `t=${times}`,
    'm=audio 49217 RTP/AVP 0 12',
    `${media} 3227 RTP/AVP 31`,
    'a=rtpmap:31 LPC',
    '',
  ].join('\r\n');
}
