/** Causes of ISDN in the words of SIP (RFC 3398 s. 8.2.6.1 and s. 7.2.4.1), for gateways and exchanges that think in them. */
const causes: readonly (readonly [cause: number, words: string, status: number])[] = [
  [1, 'unallocated number', 404],
  [2, 'no route to the network', 404],
  [3, 'no route to the destination', 404],
  [16, 'normal call clearing', 200],
  [17, 'user busy', 486],
  [18, 'no user responds', 408],
  [19, 'no answer from the user', 480],
  [20, 'subscriber absent', 480],
  [21, 'call rejected', 603],
  [22, 'number changed', 410],
  [26, 'non-selected user clearing', 404],
  [27, 'destination out of order', 502],
  [28, 'address incomplete', 484],
  [29, 'facility rejected', 501],
  [31, 'normal, unspecified', 480],
  [34, 'no circuit available', 503],
  [38, 'network out of order', 503],
  [41, 'temporary failure', 503],
  [42, 'switching equipment congestion', 503],
  [47, 'resource unavailable', 503],
  [55, 'incoming calls barred', 403],
  [57, 'bearer capability not authorised', 403],
  [65, 'bearer capability not implemented', 488],
  [79, 'service not implemented', 501],
  [88, 'incompatible destination', 488],
  [102, 'recovery on timer expiry', 504],
  [111, 'protocol error', 500],
  [127, 'interworking, unspecified', 500],
];

/** What a cause says, in words; `undefined` for one that is not known. */
export const wordsOfQ850 = (cause: number): string | undefined => causes.find(([known]) => known === cause)?.[1];

/** The cause for a SIP status: the first that stands for it, else that of its kind. */
export function q850Of(status: number): number {
  const match = causes.find(([, , known]) => known === status)?.[0];
  if (match !== undefined) return match;
  if (status === 487) return 16;
  if (status === 600) return 17;
  return status >= 500 ? 41 : 31;
}
