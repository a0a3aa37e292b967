import { noChat } from '../../web/src/store/chat/chat-snapshot.ts';
import type {
  BlockedPerson,
  CallView,
  DeviceChoice,
  EndedView,
  OwnAddress,
  PhoneSnapshot,
  Recent,
} from '../../web/src/store/snapshot.ts';

const minute = 60_000;
const now = Date.now();

export const bob = { uri: 'bob@example.org', displayName: 'Bob van Jones' };
export const mary = { uri: 'mary@work.example', displayName: 'Mary Owens' };

export const own: OwnAddress = {
  address: 'amber-fox-37@sylk.example',
  displayName: '',
  lifetime: 'temporary',
  expiresAt: now + 23.5 * 60 * minute,
  registration: 'registered',
};

export const recents: readonly Recent[] = [
  { ...bob, direction: 'outgoing', at: now - 12 * minute, withVideo: false, durationMs: 754_000 },
  { ...mary, direction: 'missed', at: now - 95 * minute, withVideo: true, durationMs: 0 },
  {
    uri: 'echo@sylk.example',
    displayName: '',
    direction: 'outgoing',
    at: now - 26 * 60 * minute,
    withVideo: false,
    durationMs: 21_000,
  },
  {
    uri: '+31201234567@phone.example',
    displayName: '',
    direction: 'incoming',
    at: now - 50 * 60 * minute,
    withVideo: false,
    durationMs: 182_000,
  },
  {
    uri: 'the-long-name-of-a-support-team@department.of.something.example',
    displayName: '',
    direction: 'outgoing',
    at: now - 20 * 24 * 60 * minute,
    withVideo: true,
    durationMs: 3_723_000,
  },
];

const devices: DeviceChoice = {
  microphones: [
    { id: 'm1', label: 'Built-in microphone' },
    { id: 'm2', label: 'Headset (USB Audio, model with a long name)' },
  ],
  cameras: [{ id: 'c1', label: 'Built-in camera' }],
  speakers: [
    { id: 's1', label: 'Built-in speakers' },
    { id: 's2', label: 'Headset' },
  ],
  microphone: 'm2',
  camera: 'c1',
  speaker: 's1',
};

export const home: PhoneSnapshot = {
  place: undefined,
  link: 'online',
  own: undefined,
  ownState: { busy: false },
  calls: [],
  activeCall: undefined,
  ended: undefined,
  recents: [],
  devices,
  permission: 'granted',
  notices: [],
  blocked: [],
  isUndisturbed: false,
  chat: noChat,
  domain: 'sylk.example',
};

export const settled: PhoneSnapshot = { ...home, own, recents };

export const permanent: PhoneSnapshot = {
  ...settled,
  own: { ...own, address: 'alice@sylk.example', lifetime: 'permanent', expiresAt: undefined },
};

export const blocked: readonly BlockedPerson[] = [
  { ...mary, at: now - minute },
  { uri: '+31201234567@phone.example', displayName: '', at: now - 3 * minute },
  { uri: 'the-long-name-of-a-support-team@department.of.something.example', displayName: '', at: now - 9 * minute },
];

export const audio: CallView = {
  id: 'call-1',
  direction: 'outgoing',
  peer: bob,
  phase: 'established',
  since: now - 80_000,
  establishedAt: now - 74_000,
  hasLocalVideo: false,
  hasRemoteVideo: false,
  offersVideo: false,
  isMuted: false,
  isCameraOff: false,
  isSharingScreen: false,
  isHeldByMe: false,
  isHeldByThem: false,
  isReconnecting: false,
  quality: { bars: 3, sentence: 'The connection is good.' },
  wantsVideo: false,
  transfer: undefined,
};

export const video: CallView = { ...audio, hasLocalVideo: true, hasRemoteVideo: true };
export const outgoing: CallView = {
  ...audio,
  phase: 'calling',
  since: now - 3_000,
  establishedAt: undefined,
  quality: undefined,
};
export const incoming: CallView = {
  ...outgoing,
  id: 'call-2',
  direction: 'incoming',
  phase: 'incoming',
  peer: { ...mary, isVerified: true },
};

export const failed: EndedView = {
  call: 'call-1',
  uri: bob.uri,
  withVideo: false,
  kind: 'failed',
  sentence: 'No one has the address bob@example.org. Check the spelling.',
  reason: '404 Not Found',
  durationMs: 0,
};

export const inCall = (call: CallView, ...others: readonly CallView[]): PhoneSnapshot => ({
  ...settled,
  calls: [call, ...others],
  activeCall: call.id,
});
export const asking = (permission: PhoneSnapshot['permission'], hasLocalVideo: boolean): PhoneSnapshot => ({
  ...inCall({ ...outgoing, phase: 'devices', hasLocalVideo }),
  permission,
});
