import { cancelledByCaller, causeOf, type EndCause, normalEnd } from '../call/end-cause.ts';
import { busyByItself } from '../call/missed.ts';
import type { SessionAct } from '../session/messages.ts';

/** The side of the call that this browser is, and whether the call has been answered. */
export interface Position {
  readonly role: 'caller' | 'called';
  readonly isAnswered: boolean;
}

/** What the end of a session, as its client or its absence brought it about, means for the call. */
export function causeOfHangUp(act: SessionAct & { kind: 'hangUp' }, { role, isAnswered }: Position): EndCause {
  switch (act.why) {
    case 'clientGone':
      return role === 'called' && !isAnswered ? ringingGone : clientGone;
    case 'mediaLost':
      return mediaLost;
    case 'asked':
      if (isAnswered) return normalEnd(role === 'caller' ? 'caller' : 'callee');
      return role === 'caller' ? cancelledByCaller : declined(act.code);
  }
}

/** A client that gives 486 itself does so because it is in another call; a person's refusal has no code, or 603. */
function declined(code: number | undefined): EndCause {
  if (code === undefined) return causeOf(486, 'callee');
  return code === 486 ? causeOf(code, 'callee', busyByItself) : causeOf(code, 'callee');
}

const clientGone: EndCause = {
  code: 408,
  phrase: 'Connection lost',
  by: 'network',
  detail: 'the browser lost its connection and did not come back in time',
};

const ringingGone = causeOf(480, 'callee', 'the device lost its connection before anybody answered');

const mediaLost: EndCause = {
  code: 408,
  phrase: 'Media lost',
  by: 'network',
  detail: 'no media path to the browser any more, and it did not restart ICE in time',
};

/** The browser never got through to the media port. */
export const iceFailed: EndCause = {
  code: 408,
  phrase: 'ICE failed',
  by: 'network',
  detail: 'ICE failed: nothing came from the browser on UDP or TCP; a firewall on its way blocks the media ports',
};

export const dtlsFailed = (detail: string): EndCause => ({
  code: 408,
  phrase: 'DTLS failed',
  by: 'network',
  detail: `DTLS failed: ${detail}`,
});

export const workerDied = (detail: string): EndCause => ({
  code: 503,
  phrase: 'Media server failed',
  by: 'gateway',
  detail: `the media worker ended: ${detail}`,
});
