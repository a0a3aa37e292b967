/** Whose part of a call it is. SIP belongs to whichever account of ours has the call. */
export type Side = 'caller' | 'called';
