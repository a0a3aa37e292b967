import type { PeerNetworks } from '../../network/peer-networks.ts';

/** The peer's SDP names an address that nothing may be sent to; answered with 488. */
export class MediaRefused extends Error {
  readonly code = 488;
  constructor(reason: string) {
    super(reason);
    this.name = 'MediaRefused';
  }
}

/**
 * Where media for a peer really goes.
 *
 * A phone behind a NAT names its private address, which means nothing here or, worse, another machine: its media
 * is sent to where its signalling comes from, and latches onto what arrives. Its own networks only an
 * inhabitant of them may name.
 *
 * @param named    from the SDP
 * @param peer     the address that the SDP came from
 * @throws MediaRefused for addresses that are no peer's
 */
export function mediaAddress(named: string, peer: string | undefined, networks: PeerNetworks): string {
  if (networks.isTrusted(named)) return peer === undefined || networks.isTrusted(peer) ? named : peer;
  if (networks.isPrivate(named) && peer !== undefined) return peer;
  const refusal = networks.refusal(named);
  if (refusal !== undefined) throw new MediaRefused(`media address ${refusal}`);
  return named;
}
