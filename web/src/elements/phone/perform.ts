import type { PhoneStore } from '../../store/snapshot.ts';
import type { StoreRequest } from '../request.ts';
import { performChat } from './perform-chat.ts';

/**
 * Carries out what an inner element asked for.
 *
 * @returns when it is under way; rejects with a sentence for the person
 */
export async function perform(request: StoreRequest, store: PhoneStore): Promise<void> {
  switch (request.kind) {
    case 'call':
      await store.call(request.uri, { audio: request.audio, video: request.video });
      return;
    case 'answer':
      return store.answer(request.call, { video: request.video });
    case 'decline':
      return store.decline(request.call);
    case 'hang-up':
      return store.hangUp(request.call);
    case 'block':
      return store.block(request.call);
    case 'unblock':
      return store.unblock(request.uri);
    case 'undisturbed':
      return store.doNotDisturb(request.isOn);
    case 'mute':
      return store.mute(request.call, request.isOn);
    case 'camera':
      return store.camera(request.call, request.isOn);
    case 'screen':
      return store.shareScreen(request.call, request.isOn);
    case 'hold':
      return store.hold(request.call, request.isOn);
    case 'accept-video':
      return store.acceptVideo(request.call, request.isOn);
    case 'dtmf':
      return store.sendDtmf(request.call, request.digit);
    case 'transfer':
      return store.transfer(request.call, request.to);
    case 'dismiss-transfer':
      return store.dismissTransfer(request.call);
    case 'device':
      return store.chooseDevice(request.device, request.id);
    case 'address':
      return store.getAddress(request.wish);
    case 'sign-in':
      return store.signIn(request.name, request.password);
    case 'keep':
      return store.keepAddress(request.name, request.password);
    case 'sign-out':
      return store.signOut();
    case 'forget':
      return store.forgetAddress();
    case 'dismiss-ended':
      return store.dismissEnded();
    case 'retry':
      return store.retryLink();
    default:
      return performChat(request, store.chats);
  }
}

/** The sentence that a rejected action carries. */
export function sentenceOf(error: unknown, otherwise: string): string {
  return error instanceof Error && error.message !== '' ? error.message : otherwise;
}
