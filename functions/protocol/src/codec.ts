/**
 * Text frames to sylkRTC messages and back. From here on messages are trusted to be of their type.
 *
 *     {"sylkrtc":"ping","transaction":"t-1"} -> { kind: 'request', request }
 */
import { isJsonObject, type JsonObject, parseJson } from './json.ts';
import { maxFrameBytes, maxIdChars, maxMessageBytes } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';
import { type ServerMessage, serverMessage } from './sylkrtc/events.ts';
import { type RequestModel, requestModels } from './sylkrtc/request-models.ts';
import type { Request } from './sylkrtc/requests.ts';
import { validationText } from './sylkrtc/validation-text.ts';
import { utf8Length } from './utf8-length.ts';

export type DecodedRequest =
  | { readonly kind: 'request'; readonly request: Request }
  /** Answer it with an `error` at once, ahead of requests that still wait. */
  | { readonly kind: 'invalid'; readonly transaction: string; readonly error: string }
  /** No answer is possible or due; count it. */
  | { readonly kind: 'ignored'; readonly why: IgnoredFrame };

export type IgnoredFrame =
  | 'too-large'
  | 'not-json'
  | 'not-an-object'
  | 'no-sylkrtc'
  | 'unknown-sylkrtc'
  | 'no-transaction'
  | 'wrong-transaction';

/** Reads a text frame from a client. Never throws. */
export const decodeRequest = (text: string): DecodedRequest => {
  if (text.length > maxMessageBytes) return ignored('too-large');
  const message = readJson(text);
  if (message === undefined) return ignored('not-json');
  if (!isJsonObject(message.value)) return ignored('not-an-object');
  const { sylkrtc, transaction } = message.value;
  if (sylkrtc === undefined) return ignored('no-sylkrtc');
  const model = typeof sylkrtc === 'string' ? requestModels.get(sylkrtc) : undefined;
  if (model === undefined) return ignored('unknown-sylkrtc');
  if (transaction === undefined) return ignored('no-transaction');
  if (typeof transaction !== 'string' || transaction.length > maxIdChars) return ignored('wrong-transaction');
  const error = sizeError(text);
  return error === undefined ? check(message.value, model, transaction) : { kind: 'invalid', transaction, error };
};

/**
 * Reads a text frame from a server.
 *
 * @throws ProtocolError when it is none of the server's messages
 */
export const decodeServerMessage = (text: string): ServerMessage => {
  const result = serverMessage.safeParse(parseJson(text));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ProtocolError(`not a message of a sylkRTC server: ${issue?.path.join('.')}: ${issue?.message}`);
};

export const encode = (message: Request | ServerMessage): string => JSON.stringify(message);

const check = (message: JsonObject, { schema, model }: RequestModel, transaction: string): DecodedRequest => {
  const result = schema.safeParse(message);
  if (result.success) return { kind: 'request', request: result.data };
  const [issue] = result.error.issues;
  const error = issue === undefined ? 'invalid request' : validationText(issue, message, model);
  return { kind: 'invalid', transaction, error };
};

const readJson = (text: string): { value: unknown } | undefined => {
  try {
    return { value: parseJson(text) };
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
};

const sizeError = (text: string): string | undefined => {
  const bytes = utf8Length(text);
  return bytes > maxFrameBytes ? `frame is ${bytes} bytes long, at most ${maxFrameBytes} are allowed` : undefined;
};

const ignored = (why: IgnoredFrame): DecodedRequest => ({ kind: 'ignored', why });
