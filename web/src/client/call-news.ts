import type { CallEmitter } from './call-types.ts';
import type { SessionEvent } from './wire.ts';

/** Events that change nothing of the call here: the application only hears of them. */
type CallNews = Extract<SessionEvent, { event: 'hold' | 'dtmf' | 'transfer' }>;

export function tellNews(call: CallEmitter, event: CallNews): void {
  switch (event.event) {
    case 'hold':
      call.emit('hold', { held: event.held });
      break;
    case 'dtmf':
      call.emit('dtmf', { digit: event.digit, duration: event.duration });
      break;
    case 'transfer':
      call.emit('transfer', {
        state: event.state,
        ...(event.state === 'failed' ? { reason: event.reason } : {}),
      });
  }
}
