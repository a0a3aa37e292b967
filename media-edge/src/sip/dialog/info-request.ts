import type { Core } from 'sip.js';
import { contentTypeOf } from '../headers/sip-body.ts';
import { wordsOf } from '../media/refused-description.ts';
import type { SipMedia } from '../media/sip-media.ts';
import { acceptHeader } from '../message/allow.ts';
import { type Digit, digitFromInfo } from './dtmf-info.ts';
import { asksForPicture } from './picture-info.ts';

export interface InfoListener {
  onDigit(digit: Digit): void;
  note(label: string, detail?: string): void;
}

/** Answers an INFO within a call: a digit, the wish for a whole picture, or nothing that we know (RFC 6086 s. 2). */
export function answerInfo(request: Core.IncomingRequest, media: SipMedia, listener: InfoListener): void {
  const { message } = request;
  const type = contentTypeOf(message);
  const body = message.body ?? '';
  if (asksForPicture(type, body)) return pictureWanted(request, media, listener);
  const digit = digitFromInfo(type, body);
  if (digit === undefined && body !== '' && !type.startsWith('application/dtmf')) {
    return void request.reject({ statusCode: 415, extraHeaders: [acceptHeader] });
  }
  request.accept({ statusCode: 200 });
  if (digit !== undefined) listener.onDigit(digit);
}

function pictureWanted(request: Core.IncomingRequest, media: SipMedia, listener: InfoListener): void {
  request.accept({ statusCode: 200 });
  media.requestKeyFrame().catch((error: unknown) => listener.note('no picture asked for', wordsOf(error)));
}
