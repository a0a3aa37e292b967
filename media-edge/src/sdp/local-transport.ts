/** Our side of ICE and DTLS as SDP attributes. */
import type { BrowserTransport } from '../ports/sfu.ts';
import type { Setup } from './browser-offer.ts';
import { SdpError } from './sdp-error.ts';
import type { Section } from './section.ts';

export type LocalTransport = Pick<BrowserTransport, 'ice' | 'candidates' | 'fingerprint'>;

/** Attributes of a bundled line; the candidates stand at the first one only, all others share them (RFC 9143 s. 9). */
export function transportSection(
  transport: LocalTransport,
  setup: Setup,
  isFirst: boolean,
): Pick<Section, 'port' | 'address' | 'ice' | 'fingerprint' | 'setup' | 'candidates'> {
  const shown = transport.candidates.find((candidate) => candidate.protocol === 'udp') ?? transport.candidates[0];
  return {
    // RFC 8839 s. 4.2.1.2: the default candidate; without any, the discard port.
    port: shown?.port ?? 9,
    address: shown?.address ?? '0.0.0.0',
    ice: transport.ice,
    fingerprint: { algorithm: transport.fingerprint.algorithm, value: transport.fingerprint.value.toUpperCase() },
    setup,
    candidates: isFirst ? transport.candidates : [],
  };
}

/**
 * The role that the browser takes when it offers.
 *
 * @param before its role until now, which an offer of `actpass` does not change (RFC 8842 s. 5.5)
 */
export function roleOfOfferer(setup: Setup, before: 'client' | 'server' | undefined): 'client' | 'server' {
  if (setup === 'active') return 'client';
  if (setup === 'passive') return 'server';
  return before ?? 'client';
}

/** The role that the browser takes by its answer. @throws SdpError for `actpass`, which is no answer */
export function roleOfAnswerer(setup: Setup): 'client' | 'server' {
  if (setup === 'actpass') throw new SdpError('sdp answers with a=setup:actpass, expected active or passive');
  return setup === 'active' ? 'client' : 'server';
}
