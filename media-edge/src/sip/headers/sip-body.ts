import type { Core } from 'sip.js';
import { pictureInfo, pictureInfoType } from '../dialog/picture-info.ts';

/** An SDP body as sip.js takes it. */
export const sdpBody = (content: string): Core.Body => ({
  contentDisposition: 'session',
  contentType: 'application/sdp',
  content,
});

export const infoBody = (content: string): Core.Body => ({
  contentDisposition: 'render',
  contentType: 'application/dtmf-relay',
  content,
});

export const pictureBody: Core.Body = {
  contentDisposition: 'render',
  contentType: pictureInfoType,
  content: pictureInfo,
};

/** The media type of a body, lower case; empty without one. */
export function contentTypeOf(message: Core.IncomingMessage): string {
  const type: unknown = message.headers['Content-Type']?.[0]?.parsed;
  return typeof type === 'string' ? type : '';
}

/** The SDP of a message; `undefined` when its body is none or something else. */
export const sdpOf = (message: Core.IncomingMessage): string | undefined =>
  message.body && contentTypeOf(message) === 'application/sdp' ? message.body : undefined;
