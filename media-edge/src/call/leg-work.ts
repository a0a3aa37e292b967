import type { LegId } from '@sylk/protocol/ids.ts';
import type { CallLeg } from './call-leg.ts';
import type { Offer } from './media.ts';
import type { LegEffect } from './steps.ts';

/** Work for one leg, done after the work before it. */
export interface LegWork {
  readonly leg: 'a' | LegId;
  /** False: a leg that fails in it can still be used. */
  readonly isVital: boolean;
  run(leg: CallLeg): Promise<void>;
}

/**
 * The work that an effect is.
 *
 * @param offer what the A-leg offers
 */
export function legWorkOf(effect: LegEffect, offer: Offer): LegWork {
  switch (effect.do) {
    case 'start':
      return vital(effect.leg, (leg) => leg.start(offer));
    case 'ring':
      return vital('a', (leg) => leg.ring(effect.early));
    case 'accept':
      return vital('a', (leg) => leg.accept(effect.accepted));
    case 'connect':
      return vital(effect.leg, (leg) => leg.connect(effect.sources));
    case 'answerUpdate':
      return vital(effect.leg, (leg) => leg.answerUpdate(effect.accepted));
    case 'trying':
      return minor('a', async (leg) => leg.trying?.(effect.code));
    case 'hold':
      return minor(effect.leg, (leg) => leg.hold(effect.isHeld));
    case 'dtmf':
      return minor(effect.leg, (leg) => leg.sendDtmf(effect.digit, effect.durationMs));
    case 'limit':
      return minor(effect.leg, async (leg) => leg.limitBitrate?.(effect.bps));
  }
}

type Run = (leg: CallLeg) => Promise<void>;
const vital = (leg: 'a' | LegId, run: Run): LegWork => ({ leg, isVital: true, run });
const minor = (leg: 'a' | LegId, run: Run): LegWork => ({ leg, isVital: false, run });
