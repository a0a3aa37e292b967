import { isJsonObject, parseJson } from '../json.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { ServerMessage } from './events.ts';

/**
 * Reads a frame from one's own server without the schemas, which would be most of a page's script.
 * The server is trusted with the fields; what is not even an object with `sylkrtc` is not a message.
 */
export const parseServerMessage = (text: string): ServerMessage | undefined => {
  try {
    const message = parseJson(text);
    return looksLikeServerMessage(message) ? message : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
};

const looksLikeServerMessage = (value: unknown): value is ServerMessage =>
  isJsonObject(value) && typeof value.sylkrtc === 'string';
