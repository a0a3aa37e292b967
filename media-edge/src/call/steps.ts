import type { LegId } from '@sylk/protocol/ids.ts';
import type { CallText, TextOutcome } from '../ports/call-text.ts';
import type { Accepted, LegEvent } from './call-leg.ts';
import type { EndCause } from './end-cause.ts';
import type { Offer, Source } from './media.ts';
import type { TransferTarget } from './transfer.ts';

/** What comes to a call, and what it has done; state.ts says which follows from which. */
export type Side = 'a' | 'b';

export type CallInput =
  | { readonly kind: 'dialled'; readonly legs: readonly LegId[]; readonly ringMs: number }
  /** One more device rings. */
  | { readonly kind: 'added'; readonly leg: LegId }
  | { readonly kind: 'fromA'; readonly event: LegEvent }
  | { readonly kind: 'fromB'; readonly leg: LegId; readonly event: LegEvent }
  /** What became of an `offer` effect. */
  | { readonly kind: 'updateAnswered'; readonly to: Side; readonly accepted: Accepted }
  | { readonly kind: 'updateRefused'; readonly to: Side }
  /** What this side asked for has begun: from now on the other one stays, should this one leave. */
  | { readonly kind: 'transferBegun'; readonly by: Side }
  | { readonly kind: 'transferFailed' }
  /** This side goes on in another call; it ends for the other. */
  | { readonly kind: 'handOver'; readonly side: Side; readonly cause: EndCause }
  | { readonly kind: 'timeUp'; readonly timer: 'ring' | 'update' }
  /** Nobody can be dialled, or an operator ends the call. */
  | { readonly kind: 'end'; readonly cause: EndCause };

/** Work for one leg; `leg` is `'a'` or the id of a B-leg. */
export type LegEffect =
  | { readonly do: 'start'; readonly leg: LegId }
  | { readonly do: 'trying'; readonly code: number }
  | { readonly do: 'ring'; readonly early?: Accepted }
  | { readonly do: 'accept'; readonly accepted: Accepted }
  | { readonly do: 'connect'; readonly leg: 'a' | LegId; readonly sources: readonly Source[] }
  | { readonly do: 'answerUpdate'; readonly leg: 'a' | LegId; readonly accepted: Accepted | undefined }
  | { readonly do: 'hold'; readonly leg: 'a' | LegId; readonly isHeld: boolean }
  | { readonly do: 'dtmf'; readonly leg: 'a' | LegId; readonly digit: string; readonly durationMs: number }
  | { readonly do: 'limit'; readonly leg: 'a' | LegId; readonly bps: number };

export type CallEffect =
  | LegEffect
  /** This B-leg answered first; the session is its device's alone. */
  | { readonly do: 'won'; readonly leg: LegId }
  | { readonly do: 'offer'; readonly to: Side; readonly leg: 'a' | LegId; readonly offer: Offer }
  /** This side wants the other one to be handed on. */
  | { readonly do: 'transfer'; readonly by: Side; readonly to: TransferTarget }
  /** This leg is of no concern to the call any more; `isLeft`: nobody has taken it so far. */
  | { readonly do: 'yield'; readonly side: Side; readonly leg: 'a' | LegId; readonly isLeft: boolean }
  | {
      readonly do: 'write';
      readonly leg: 'a' | LegId;
      readonly text: CallText;
      readonly settle: (outcome: TextOutcome) => void;
    }
  | { readonly do: 'abandon'; readonly leg: 'a' | LegId }
  | { readonly do: 'end'; readonly leg: 'a' | LegId; readonly cause: EndCause }
  | { readonly do: 'arm'; readonly timer: 'ring' | 'update'; readonly ms: number }
  | { readonly do: 'disarm'; readonly timer: 'ring' | 'update' }
  | { readonly do: 'over'; readonly cause: EndCause; readonly wasAnswered: boolean };
