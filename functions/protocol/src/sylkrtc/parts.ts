/** Objects that occur inside several sylkRTC messages. */
import * as z from 'zod';
import { maxCandidates, maxHeaderChars, maxHeaders } from '../limits.ts';
import { address, boolean, id, integer, matching, optional, string } from './fields.ts';

/** Takes quotation marks and blanks off both ends, which SIP stacks leave around display names. */
export const cleanDisplayName = (name: string): string => name.replace(/^[" ]+|[" ]+$/g, '');

export const sipIdentity = z.object({ uri: address, display_name: optional(id.transform(cleanDisplayName)) });
export type SipIdentity = z.infer<typeof sipIdentity>;

// RFC 3261 s. 25.1 `token`; line breaks would let a value smuggle further headers into the INVITE.
const headerName = matching(/^[\w.!%*+`'~-]{1,255}$/, 'header name', 'a token as in RFC 3261, section 25.1');
const headerValue = matching(/^[^\r\n\0]*$/, 'header value', 'one line without NUL').max(maxHeaderChars);

export const header = z.object({ name: headerName, value: headerValue });
export type Header = z.infer<typeof header>;

/** Extra SIP headers of a request; of several with one name the last counts. */
export const headers = z
  .array(header)
  .max(maxHeaders)
  .transform((list): readonly Header[] => [...new Map(list.map((item) => [item.name, item])).values()]);

/** SIP headers shown to a client: name to value. */
export const headerMap = z.record(z.string(), z.string());

export const iceCandidate = z.object({ candidate: string, sdpMLineIndex: integer, sdpMid: id });
export type IceCandidate = z.infer<typeof iceCandidate>;

/** Empty means: no more candidates follow. */
export const iceCandidates = z.array(iceCandidate).max(maxCandidates).readonly();

export const publisher = z.object({
  id,
  uri: address,
  display_name: optional(id),
  type: optional(z.enum(['webrtc', 'sip', 'bridge'])),
  muted: optional(boolean),
});
export type Publisher = z.infer<typeof publisher>;

export const sharedFile = z.object({ filename: id, filesize: integer, uploader: sipIdentity, session: id });
export type SharedFile = z.infer<typeof sharedFile>;

/** One entry of an account's message journal. */
export const journalMessage = z.object({
  contact: address,
  timestamp: id,
  disposition: optional(z.array(id).readonly()),
  message_id: id,
  content_type: id,
  content: string,
  direction: optional(z.enum(['incoming', 'outgoing', ''])),
  state: optional(
    z.enum(['delivered', 'failed', 'displayed', 'forbidden', 'error', 'accepted', 'pending', 'received']),
  ),
});
export type JournalMessage = z.infer<typeof journalMessage>;
