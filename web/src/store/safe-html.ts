/** For elements, which never talk to the client library: what of a message may be shown. */
export { safeLink, sanitizedNodes } from '../client/sanitize-html.ts';
