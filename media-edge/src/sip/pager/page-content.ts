import { randomUUID } from 'node:crypto';
import { encodeCpim, type Wish } from '../../message/cpim.ts';
import { encodeImdn, imdnType } from '../../message/imdn.ts';
import { encodeComposing, isComposingType } from '../../message/is-composing.ts';
import type { PageToSend } from '../../ports/sip-messages.ts';

/** A body, and the type that it is sent as. */
export interface PageContent {
  readonly contentType: string;
  readonly content: string;
}

/** Writes the body of a MESSAGE. @param now ms since 1970 */
export function pageContent(page: PageToSend, form: 'plain' | 'cpim', now: number): PageContent {
  const bare = bareContent(page);
  // RFC 3994 s. 3.1: typing goes on its own; nothing is to be said about when it was.
  if (form === 'plain' || page.kind === 'composing') return bare;
  const { from, to } = page;
  const content = encodeCpim({
    from: { uri: `sip:${from.aor}`, ...(from.displayName === undefined ? {} : { displayName: from.displayName }) },
    to: { uri: `sip:${to}` },
    at: page.kind === 'message' ? page.at : now,
    id: page.kind === 'message' ? page.id : randomUUID(),
    wishes: wishesOf(page),
    contentType: bare.contentType.split(';', 1)[0] ?? '',
    content: bare.content,
  });
  return { contentType: 'message/cpim', content };
}

function bareContent(page: PageToSend): PageContent {
  switch (page.kind) {
    case 'message':
      return { contentType: withCharset(page.contentType), content: page.content };
    case 'disposition': {
      const { message: messageId, state: disposition, at, from } = page;
      return {
        contentType: imdnType,
        content: encodeImdn({ messageId, disposition, at, recipient: `sip:${from.aor}` }),
      };
    }
    case 'composing':
      return { contentType: isComposingType, content: encodeComposing({ ...page, contentType: page.contentType }) };
  }
}

/** RFC 5438 s. 7.1.3: no notification is asked for of a notification. */
const wishesOf = (page: PageToSend): readonly Wish[] =>
  page.kind !== 'message'
    ? []
    : [
        ...(page.wantsDelivery ? (['positive-delivery'] as const) : []),
        ...(page.wantsDisplay ? (['display'] as const) : []),
      ];

const withCharset = (contentType: string): string =>
  /^text\/[^;]*$/i.test(contentType) ? `${contentType}; charset=utf-8` : contentType;
