/** Sizes of SIP messages that are read at all; whatever is larger is refused before it costs anything. */

/** Start line and headers, in bytes. */
export const maxHeadBytes = 16 * 1024;
/** Body, in bytes. */
export const maxBodyBytes = 48 * 1024;
/** Header lines of one message. */
export const maxHeaderLines = 200;
/** A Call-ID, a tag or a branch, in characters. */
export const maxTokenChars = 256;
