import type { ChatActions } from '../../store/chat/chat-snapshot.ts';
import type { ChatRequest } from '../request.ts';

/**
 * Carries out what was asked about messages.
 *
 * @returns when it is under way; rejects with a sentence for the person
 */
export async function performChat(request: ChatRequest, chats: ChatActions): Promise<void> {
  switch (request.kind) {
    case 'write-to':
      return chats.openChat(request.uri);
    case 'open-conversation':
      return chats.openConversation(request.conversation);
    case 'close-conversation':
      return chats.closeConversation();
    case 'send':
      return chats.sendMessage(request.conversation, request.text);
    case 'composing':
      return chats.typing(request.conversation, request.isEmpty);
    case 'resend':
      return chats.retryMessage(request.conversation, request.message);
    case 'seen':
      return chats.seen(request.conversation);
    case 'remove-message':
      return chats.removeMessage(request.conversation, request.message);
    case 'remove-conversation':
      return chats.removeConversation(request.conversation);
    case 'accept-request':
      return chats.acceptRequest(request.conversation);
    case 'block-contact':
      return chats.blockContact(request.conversation);
  }
}
