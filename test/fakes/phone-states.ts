import { type Language, languages } from '../../web/src/elements/messages/languages.ts';
import type { PhoneSnapshot } from '../../web/src/store/snapshot.ts';
import { chatStates } from './chat-states.ts';
import {
  asking,
  audio,
  blocked,
  failed,
  home,
  inCall,
  incoming,
  mary,
  outgoing,
  own,
  permanent,
  settled,
  video,
} from './phone-snapshots.ts';

/** A screen as a test sets it up: a snapshot, and what a person does to get the rest of the way. */
export interface PhoneStateScript {
  readonly snapshot: PhoneSnapshot;
  /** Nothing is sent of this side: there is no microphone in the call. */
  readonly isListening?: boolean;
  /** No picture of the far side has arrived yet. */
  readonly isBlank?: boolean;
  /** What it speaks, if not English. */
  readonly language?: Language;
  /** Attributes of the element. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Text in the address field. */
  readonly text?: string;
  /** Parts that are pressed, one after the other. */
  readonly press?: readonly string[];
}
/** Every state that a person can meet, in English. */
const inEnglish: Readonly<Record<string, PhoneStateScript>> = {
  'first-visit': { snapshot: home },
  connecting: { snapshot: { ...home, link: 'connecting', domain: undefined } },
  typing: { snapshot: settled, text: 'mary' },
  'typing-elsewhere': { snapshot: settled, text: 'sip:bob@example.org' },
  'typing-wrong': { snapshot: home, text: 'bob smith@example.org' },
  'getting-address': { snapshot: { ...home, ownState: { busy: true } } },
  'address-refused': {
    snapshot: {
      ...home,
      ownState: { busy: false, error: 'Too many addresses were made from here. Try again in 12 minutes.' },
    },
  },
  'choosing-name': { snapshot: home, press: ['get-permanent'] },
  'signing-in': { snapshot: home, press: ['sign-in'] },
  'signing-in-refused': {
    snapshot: { ...home, ownState: { busy: false, error: 'The address or the password is wrong.' } },
    press: ['sign-in'],
  },
  settled: { snapshot: settled },
  'address-open': { snapshot: settled, press: ['open-address'] },
  'address-keep': { snapshot: settled, press: ['open-address', 'keep-address'] },
  'address-forget': { snapshot: settled, press: ['open-address', 'forget-address'] },
  'address-permanent': { snapshot: permanent, press: ['open-address'] },
  'address-sign-out': { snapshot: permanent, press: ['open-address', 'sign-out'] },
  'address-undisturbed': { snapshot: { ...permanent, isUndisturbed: true }, press: ['open-address'] },
  'address-elsewhere': {
    snapshot: {
      ...permanent,
      own: { ...own, address: 'alice@provider.example', lifetime: 'permanent', expiresAt: undefined },
    },
    press: ['open-address'],
  },
  'address-delete': { snapshot: permanent, press: ['open-address', 'forget-address'] },
  blocked: { snapshot: { ...permanent, blocked }, press: ['open-address', 'open-blocked'] },
  'blocked-one': {
    snapshot: {
      ...settled,
      blocked,
      notices: [
        {
          id: 'n1',
          kind: 'info',
          sentence: 'Mary Owens is blocked.',
          unblock: mary.uri,
        },
      ],
    },
  },
  'address-failed': {
    snapshot: { ...settled, own: { ...own, registration: 'failed', reason: 'The password is wrong.' } },
    press: ['open-address'],
  },
  'missed-calls': {
    snapshot: {
      ...settled,
      notices: [
        { id: 'n1', kind: 'missed', sentence: 'Missed call from Mary Owens.', uri: mary.uri },
        { id: 'n2', kind: 'warning', sentence: 'The camera was unplugged.' },
      ],
    },
  },
  'asking-microphone': { snapshot: asking('asking', false) },
  'asking-camera': { snapshot: asking('asking', true) },
  'permission-denied': { snapshot: asking('denied', true) },
  'no-device': { snapshot: asking('none', false) },
  calling: { snapshot: inCall(outgoing) },
  ringing: { snapshot: inCall({ ...outgoing, phase: 'ringing' }) },
  'ringing-video': { snapshot: inCall({ ...outgoing, phase: 'ringing', hasLocalVideo: true }) },
  'early-media': {
    snapshot: inCall({ ...outgoing, phase: 'early', peer: { uri: '+31201234567@phone.example', displayName: '' } }),
  },
  'audio-call': { snapshot: inCall(audio) },
  'audio-call-muted': {
    snapshot: inCall({
      ...audio,
      isMuted: true,
      quality: { bars: 2, sentence: 'The connection is fair: some sound is lost.' },
    }),
  },
  'only-listening': { snapshot: inCall(audio), isListening: true },
  'video-awaited': { snapshot: inCall({ ...video, hasLocalVideo: false, quality: undefined }), isBlank: true },
  keypad: { snapshot: inCall(audio), press: ['keypad', 'key', 'key'] },
  devices: { snapshot: inCall(audio), press: ['devices'] },
  'video-call': { snapshot: inCall(video) },
  'video-call-camera-off': { snapshot: inCall({ ...video, isCameraOff: true }) },
  'video-keypad': { snapshot: inCall(video), press: ['keypad'] },
  'sharing-screen': { snapshot: inCall({ ...video, isSharingScreen: true }) },
  'held-by-me': { snapshot: inCall({ ...audio, isHeldByMe: true }) },
  'held-by-them': { snapshot: inCall({ ...video, isHeldByThem: true }) },
  reconnecting: { snapshot: inCall({ ...audio, isReconnecting: true, quality: undefined }) },
  'weak-video': {
    snapshot: inCall({
      ...video,
      quality: { bars: 1, sentence: 'The connection is weak: a third of the pictures is lost.' },
    }),
  },
  'wants-video': { snapshot: inCall({ ...audio, wantsVideo: true }) },
  transfer: { snapshot: inCall(audio), press: ['transfer'] },
  'transfer-to-a-call': {
    snapshot: inCall(audio, { ...audio, id: 'call-3', peer: mary, isHeldByMe: true }),
    press: ['transfer'],
  },
  'transfer-rings': { snapshot: inCall({ ...audio, transfer: { to: 'mary@work.example', phase: 'ringing' } }) },
  'transfer-failed': {
    snapshot: inCall({
      ...audio,
      transfer: { to: 'mary@work.example', phase: 'failed', sentence: 'mary@work.example is busy.' },
    }),
  },
  'two-calls': { snapshot: inCall(audio, { ...audio, id: 'call-3', peer: mary, isHeldByMe: true }) },
  'incoming-audio': {
    snapshot: { ...settled, calls: [{ ...incoming, peer: { uri: '+31201234567@phone.example', displayName: '' } }] },
  },
  'incoming-video': { snapshot: { ...settled, calls: [{ ...incoming, offersVideo: true }] } },
  'incoming-second': {
    snapshot: inCall(audio, { ...incoming, offersVideo: true, peer: { ...mary, isVerified: false } }),
  },
  'ended-ok': {
    snapshot: {
      ...settled,
      ended: { ...failed, kind: 'ok', sentence: 'Bob van Jones hung up.', reason: '200 OK', durationMs: 754_000 },
    },
  },
  'ended-failed': { snapshot: { ...settled, ended: failed } },
  'ended-network': {
    snapshot: {
      ...settled,
      ended: {
        ...failed,
        sentence: 'Your network blocks calls. UDP and TCP were tried, and nothing got through.',
        reason: '408 ICE failed',
        unreached: [
          { protocol: 'udp', address: '198.51.100.24', port: 40_000 },
          { protocol: 'tcp', address: '198.51.100.24', port: 40_000 },
        ],
      },
    },
  },
  'ended-declined': {
    snapshot: { ...settled, ended: { ...failed, sentence: 'Bob van Jones declined.', reason: '603 Decline' } },
  },
  'ended-details': { snapshot: { ...settled, ended: failed }, press: ['details-summary'] },
  'ended-missed': {
    snapshot: {
      ...settled,
      ended: {
        ...failed,
        kind: 'missed',
        withVideo: true,
        sentence: 'Missed call from Mary Owens.',
        reason: '487 Request Terminated',
      },
    },
  },
  insecure: { snapshot: { ...home, place: 'insecure', link: 'offline' } },
  unsupported: { snapshot: { ...home, place: 'unsupported', link: 'offline' } },
  'no-microphone': { snapshot: { ...home, place: 'no-microphone' } },
  offline: { snapshot: { ...settled, place: 'offline', link: 'offline' } },
  'server-gone': { snapshot: { ...settled, place: 'server-gone', link: 'reconnecting' } },
  'right-to-left': { snapshot: settled, attributes: { dir: 'rtl' } },
  'right-to-left-call': {
    snapshot: inCall({ ...video, quality: { bars: 1, sentence: '' } }),
    attributes: { dir: 'rtl' },
  },
  ...chatStates,
  'one-button': { snapshot: home, attributes: { to: 'sales@example.org' } },
};

/** Those with the longest words, in the other languages: `incoming-second-de`. */
const translated = [
  'chat-request',
  'chat-removal',
  'first-visit',
  'address-delete',
  'video-call',
  'incoming-second',
  'ended-network',
  'insecure',
];
const inOthers = languages
  .filter((language) => language !== 'en')
  .flatMap((language) =>
    translated.map((name): [string, PhoneStateScript] => {
      const script = inEnglish[name];
      if (script === undefined) throw new Error(`no phone state is called '${name}'`);
      return [`${name}-${language}`, { ...script, language }];
    }),
  );

/** Every state that a person can meet, by name. */
export const phoneStates: Readonly<Record<string, PhoneStateScript>> = {
  ...inEnglish,
  ...Object.fromEntries(inOthers),
};
