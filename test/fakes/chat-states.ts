import { type ChatMessage, keyOf } from '../../web/src/store/chat/chat-message.ts';
import { type ChatSnapshot, type Conversation, noChat, type Thread } from '../../web/src/store/chat/chat-snapshot.ts';
import { plainText } from '../../web/src/store/chat/plain-text.ts';
import type { PhoneSnapshot } from '../../web/src/store/snapshot.ts';
import { audio, bob, home, inCall, mary, permanent } from './phone-snapshots.ts';

const minute = 60_000;
const now = Date.now();
const account = 'alice@sylk.example';
const stranger = { uri: 'great-offers-37@elsewhere.example', displayName: '' };

type Line = readonly [minutesAgo: number, from: 'me' | 'them', content: string, extra?: Partial<ChatMessage>];

/** Messages with one person, from a script of who said what when. */
function spoken(uri: string, lines: readonly Line[]): readonly ChatMessage[] {
  return lines.map(([ago, from, content, extra], index) => ({
    key: keyOf(uri, `m-${index}`),
    id: `m-${index}`,
    contact: uri,
    direction: from === 'me' ? 'outgoing' : 'incoming',
    content,
    contentType: 'text/plain',
    at: now - ago * minute,
    state: from === 'me' ? 'displayed' : 'received',
    isUnread: false,
    wantsReceipt: false,
    ...extra,
  }));
}

function talkWith(
  person: { uri: string; displayName: string },
  messages: readonly ChatMessage[],
  extra: Partial<Conversation> = {},
): Thread {
  const last = messages.at(-1);
  return {
    id: `${account} ${person.uri}`,
    account,
    ...person,
    last: last && { text: plainText(last), at: last.at, direction: last.direction, state: last.state },
    unread: messages.filter(({ isUnread }) => isUnread).length,
    isRequest: false,
    isTyping: false,
    messages,
    firstUnread: messages.find(({ isUnread }) => isUnread)?.key,
    ...extra,
  };
}

const day = 24 * 60;
const withBob = talkWith(
  bob,
  spoken(bob.uri, [
    [2 * day + 65, 'them', 'Shall we look at the drawings together?'],
    [2 * day + 60, 'me', 'Yes. Thursday, after lunch?'],
    [
      day + 30,
      'them',
      'They are here: https://drawings.example/2024/bridge?page=7. The second page is the new one, and it has the longer span that we spoke about.',
    ],
    [day + 28, 'me', '👍'],
    [
      35,
      'them',
      '<p>Three things are <b>open</b>:</p><ul><li>the <i>north</i> pier</li><li>the railing</li></ul><script>alert(1)</script><img src="https://evil.example/pixel.png">',
      { contentType: 'text/html' },
    ],
    [33, 'me', 'The railing is ordered.', { state: 'delivered' }],
    [32, 'me', 'I ask about the pier today.', { state: 'accepted' }],
    [3, 'them', 'Good. Noon is fine.', { isUnread: true }],
    [2, 'them', 'And bring the plans!', { isUnread: true }],
  ]),
);
const withMary = talkWith(
  mary,
  spoken(mary.uri, [
    [90, 'them', 'Are you in the office?'],
    [80, 'me', 'Back at four.', { state: 'delivered' }],
  ]),
  { isTyping: true },
);
const withNumber = talkWith(
  { uri: '+31201234567@phone.example', displayName: '' },
  spoken('+31201234567@phone.example', [
    [3 * day, 'me', 'Please call me back about the invoice.', { state: 'failed' }],
  ]),
);
const withStranger = talkWith(
  stranger,
  spoken(stranger.uri, [[8, 'them', 'Hello! I saw your address on the site and have a question.', { isUnread: true }]]),
  { isRequest: true },
);

const settled: ChatSnapshot = {
  ...noChat,
  state: 'ready',
  unread: 2,
  conversations: [withBob, withStranger, withMary, withNumber],
};

const withChat = (chat: Partial<ChatSnapshot>, rest: Partial<PhoneSnapshot> = {}): PhoneSnapshot => ({
  ...permanent,
  ...rest,
  chat: { ...settled, ...chat },
});

const troubled = spoken(bob.uri, [
  [12, 'them', 'Did it arrive?'],
  [4, 'me', 'Not yet, I look again this afternoon.', { state: 'failed', reason: 'You write too fast. Wait a minute.' }],
  [1, 'me', 'It is here now.', { state: 'pending' }],
]);

/** Every state of the conversations. */
export const chatStates = {
  'chat-list': { snapshot: withChat({}), press: ['open-chat'] },
  'chat-empty': { snapshot: { ...home, chat: noChat }, press: ['open-chat'] },
  'chat-loading': { snapshot: withChat({ state: 'loading', conversations: [] }), press: ['open-chat'] },
  'chat-thread': { snapshot: withChat({ thread: withBob }), press: ['open-chat'] },
  'chat-typing': { snapshot: withChat({ thread: withMary }), press: ['open-chat'] },
  'chat-actions': { snapshot: withChat({ thread: withMary }), press: ['open-chat', 'message-actions'] },
  'chat-emoji': { snapshot: withChat({ thread: withMary }), press: ['open-chat', 'emoji'] },
  'chat-offline': {
    snapshot: withChat({ thread: talkWith(bob, troubled) }, { place: 'offline', link: 'offline' }),
    press: ['open-chat'],
  },
  'chat-request': { snapshot: withChat({ thread: withStranger }), press: ['open-chat'] },
  'chat-removal': { snapshot: withChat({ thread: withMary }), press: ['open-chat', 'remove-conversation'] },
  'chat-beside-call': {
    snapshot: { ...inCall(audio), own: permanent.own, chat: { ...settled, thread: withBob } },
    press: ['chat-with'],
  },
  'chat-right-to-left': { snapshot: withChat({ thread: withBob }), press: ['open-chat'], attributes: { dir: 'rtl' } },
} as const;
