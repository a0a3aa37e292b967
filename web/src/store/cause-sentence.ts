import { wasNeverReached } from './call-end.ts';
import type { StoreMessages, Subject } from './messages/en.ts';

/** How a call ended, as the client library tells it and as this side took part in it. */
export interface Ending {
  /** `<code> <phrase>`, or words alone. */
  readonly reason: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly wasEstablished: boolean;
  /** It had rung at the other side. */
  readonly hasRung: boolean;
  /** This side hung up, cancelled or declined. */
  readonly isByMe: boolean;
  readonly subject: Subject;
  readonly callId?: string;
}

export interface CauseSentence {
  readonly kind: 'ok' | 'failed' | 'missed';
  readonly sentence: string;
}

/** Says in a sentence for a person why a call ended; the code stays in the details. */
export function causeSentence(ending: Ending, messages: StoreMessages): CauseSentence {
  return ordinaryEnd(ending, messages) ?? { kind: 'failed', sentence: failure(ending, messages) };
}

function ordinaryEnd(ending: Ending, { cause }: StoreMessages): CauseSentence | undefined {
  const { reason, subject, wasEstablished, direction, isByMe } = ending;
  const ok = (sentence: string): CauseSentence => ({ kind: 'ok', sentence });
  const code = codeOf(reason);
  if (/elsewhere/i.test(reason)) {
    return ok(/answered/i.test(reason) ? cause.answeredElsewhere(subject) : cause.continuedElsewhere(subject));
  }
  if (/^200 transferred/i.test(reason)) return ok(cause.transferred(subject));
  if (isByMe)
    return ok(wasEstablished ? cause.youHungUp : direction === 'outgoing' ? cause.cancelled : cause.declinedByYou);
  if (wasEstablished && (code === 200 || reason === '')) return ok(cause.theyHungUp(subject));
  if (direction === 'incoming' && !wasEstablished && code !== undefined && missedCodes.includes(code)) {
    return { kind: 'missed', sentence: cause.missed(subject) };
  }
  return undefined;
}

/** The first row that fits is said: words of this gateway before codes, which others give as well. */
function failure(ending: Ending, messages: StoreMessages): string {
  const code = codeOf(ending.reason);
  if (wasNeverReached(ending.reason)) return messages.cause.iceFailed;
  const byWords = worded.find((row) => row.pattern.test(ending.reason));
  const say = byWords?.say ?? (code === undefined ? undefined : byCode(code, ending));
  return say?.(messages.cause, ending) ?? broken(messages.cause, ending);
}

type Causes = StoreMessages['cause'];
type Say = (cause: Causes, ending: Ending) => string;

const worded: readonly { readonly pattern: RegExp; readonly say: Say }[] = [
  { pattern: /media lost|connection lost/i, say: (cause) => cause.mediaLost },
  { pattern: /DNS lookup error|no such host/i, say: (cause, { subject }) => cause.noService(subject) },
  { pattern: /not authenticated|^904\b/i, say: (cause) => cause.notSignedIn },
  { pattern: /media server/i, say: (cause) => cause.noMediaServer },
  { pattern: /too many calls at once/i, say: (cause) => cause.tooManyAtOnce },
  { pattern: /all lines are busy/i, say: (cause) => cause.linesBusy },
  { pattern: /time is over/i, say: (cause) => cause.timeIsOver },
  { pattern: /too many calls/i, say: (cause) => cause.tooManyCalls },
  { pattern: /invalid SIP URI/i, say: (cause, { subject }) => cause.wrongAddress(subject) },
];

function byCode(code: number, ending: Ending): Say | undefined {
  const row = coded.find((one) => one.codes.includes(code));
  if (row) return row.say;
  if (code >= 500 && code < 600) return (cause, { subject }) => cause.serverTrouble(subject, code);
  return ending.wasEstablished ? (cause) => cause.mediaLost : undefined;
}

const coded: readonly { readonly codes: readonly number[]; readonly say: Say }[] = [
  { codes: [404, 604], say: (cause, { subject }) => cause.unknownAddress(subject) },
  { codes: [410], say: (cause) => cause.expired },
  {
    codes: [480, 430],
    say: (cause, { subject, hasRung }) => (hasRung ? cause.nobodyAnswered(subject) : cause.away(subject)),
  },
  { codes: [486, 600], say: (cause, { subject }) => cause.busy(subject) },
  { codes: [603], say: (cause, { subject }) => cause.declined(subject) },
  { codes: [487], say: (cause) => cause.cancelled },
  {
    codes: [408, 504],
    say: (cause, { subject, hasRung }) => (hasRung ? cause.nobodyAnswered(subject) : cause.noAnswer(subject)),
  },
  { codes: [488, 606], say: (cause, { subject }) => cause.noCommonCodec(subject) },
  { codes: [401, 407], say: (cause, { subject }) => cause.needsAccount(subject) },
  { codes: [403], say: (cause, { subject }) => cause.forbidden(subject) },
  { codes: [481], say: (cause) => cause.callLost },
  { codes: [416, 484], say: (cause, { subject }) => cause.wrongAddress(subject) },
];

const broken: Say = (cause, { callId }) => (callId === undefined ? cause.broken : cause.brokenCall(callId));

/** The caller gave up (487), nobody took it in time (408, 480). */
const missedCodes = [487, 408, 480];

const codeOf = (reason: string): number | undefined => {
  const found = /^(\d{3})\b/.exec(reason)?.[1];
  return found === undefined ? undefined : Number(found);
};
