/** Why a leg or call ended, in SIP's words, which sylkRTC's `reason` shows as `<code> <phrase>`. */
export interface EndCause {
  /** SIP status (RFC 3261 s. 21); 200 for a normal end after answer. */
  readonly code: number;
  readonly phrase: string;
  /** Whose doing it was; the ladder and the page say it in words. */
  readonly by: 'caller' | 'callee' | 'network' | 'gateway' | 'operator';
  /** The plain cause for the ladder, where the code alone does not tell ("ICE failed: no answer on UDP or TCP"). */
  readonly detail?: string;
}

export const normalEnd = (by: EndCause['by']): EndCause => ({ code: 200, phrase: 'OK', by });

/** `486 Busy Here`, as in `reason` of `terminated` (sylkRTC) and in a status line. */
export const reasonText = (cause: EndCause): string => `${cause.code} ${cause.phrase}`;
