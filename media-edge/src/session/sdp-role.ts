/**
 * Tells an offer from an answer by its DTLS role: an offer must leave the choice open (RFC 5763 s. 5).
 *
 * @returns `unknown` where the SDP names no role at all
 */
export function sdpRole(sdp: string): 'offer' | 'answer' | 'unknown' {
  if (/^a=setup:actpass\s*$/m.test(sdp)) return 'offer';
  return /^a=setup:/m.test(sdp) ? 'answer' : 'unknown';
}
