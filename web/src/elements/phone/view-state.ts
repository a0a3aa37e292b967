import { wantsShortcuts } from './shortcuts.ts';
import type { PhoneView } from './view.ts';

/** What the view remembers by itself between two snapshots of the store. */
export type ViewState = Pick<
  PhoneView,
  'sheet' | 'details' | 'problem' | 'refused' | 'ownNotices' | 'hasShortcuts' | 'isSoundBlocked' | 'isChatOpen'
>;

/** The state of a phone that was just put into a page. */
export function initialViewState(): ViewState {
  return {
    sheet: undefined,
    details: undefined,
    problem: undefined,
    refused: undefined,
    ownNotices: [],
    hasShortcuts: wantsShortcuts(),
    isSoundBlocked: false,
    isChatOpen: false,
  };
}
