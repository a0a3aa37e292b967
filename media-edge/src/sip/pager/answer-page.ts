import type { Core } from 'sip.js';
import { acceptedTypes } from '../../message/read-body.ts';
import type { PageReply } from '../../ports/sip-messages.ts';
import { safePhrase } from '../headers/reason-header.ts';

/** Answers a MESSAGE. @throws when its transaction is over */
export function answerPage(request: Core.IncomingRequest, { code: statusCode, phrase, retryAfterS }: PageReply): void {
  const extraHeaders = [
    ...(retryAfterS === undefined ? [] : [`Retry-After: ${retryAfterS}`]),
    ...(statusCode === 415 ? [`Accept: ${acceptedTypes}`, 'Accept-Encoding: identity, deflate, gzip'] : []),
  ];
  const options = { statusCode, reasonPhrase: safePhrase(phrase), extraHeaders };
  if (statusCode < 300) request.accept(options);
  else request.reject(options);
}
