/** What became of a message: `pending` until somebody says more, `received` for one that came in. */
export type MessageState =
  | 'pending'
  | 'accepted'
  | 'delivered'
  | 'displayed'
  | 'failed'
  | 'received'
  | 'error'
  | string;

/**
 * The state after some news. States only rise, however late or often the news comes: a message that was read does not
 * become merely delivered. `failed` gives way to any sign that it arrived after all.
 *
 *     pending -> failed -> accepted -> delivered -> error -> displayed
 */
export function riseTo(state: MessageState, news: MessageState): MessageState {
  return rankOf(news) > rankOf(state) ? news : state;
}

/** What the standard does not name, such as `processed` or `stored`, says no more than that it was accepted. */
function rankOf(state: MessageState): number {
  const rank = ranks.indexOf(state);
  return rank >= 0 ? rank : ranks.indexOf('accepted');
}

const ranks: readonly MessageState[] = ['pending', 'failed', 'accepted', 'delivered', 'error', 'displayed', 'received'];
