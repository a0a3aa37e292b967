/** What two H.264 formats have in common (RFC 6184 s. 8.1, 8.2.2). */
import type { Codec } from '../call/media.ts';

type Profile = 'constrained-baseline' | 'baseline' | 'main' | 'extended' | 'constrained-high' | 'high';

/** RFC 6184 table 5: profile_idc, then which bits of profile_iop must be set and clear. */
const profiles: readonly {
  readonly idc: number;
  readonly set: number;
  readonly clear: number;
  readonly profile: Profile;
}[] = [
  { idc: 0x42, set: 0b0100_0000, clear: 0b0000_1111, profile: 'constrained-baseline' },
  { idc: 0x4d, set: 0b1000_0000, clear: 0b0000_1111, profile: 'constrained-baseline' },
  { idc: 0x58, set: 0b1100_0000, clear: 0b0000_1111, profile: 'constrained-baseline' },
  { idc: 0x42, set: 0, clear: 0b0100_1111, profile: 'baseline' },
  { idc: 0x58, set: 0b1000_0000, clear: 0b0100_1111, profile: 'baseline' },
  { idc: 0x4d, set: 0, clear: 0b1010_1111, profile: 'main' },
  { idc: 0x58, set: 0, clear: 0b1100_1111, profile: 'extended' },
  { idc: 0x64, set: 0b0000_1100, clear: 0b1111_0011, profile: 'constrained-high' },
  { idc: 0x64, set: 0, clear: 0b1111_1111, profile: 'high' },
];

/** What every browser means when it leaves the parameter out: constrained baseline at level 3.1. */
const defaultProfileLevelId = '42e01f';

/** Same profile and same packetization mode: what one sends the other decodes, up to its level. */
export function isSameH264(one: Codec, other: Codec): boolean {
  const profile = profileOf(one);
  return profile !== undefined && profile === profileOf(other) && packetizationMode(one) === packetizationMode(other);
}

/** True if both are of the plain kind that every phone has, constrained or not, cut into packets in the same way. */
export const isSimilarH264 = (one: Codec, other: Codec): boolean =>
  [one, other].every((codec) => isBaseline(profileOf(codec))) && packetizationMode(one) === packetizationMode(other);

const isBaseline = (profile: Profile | undefined): boolean =>
  profile === 'constrained-baseline' || profile === 'baseline';

/**
 * One format for each packetization mode, constrained baseline where there is one: phones that are offered several
 * mix their numbers up.
 */
export function onePerMode(codecs: readonly Codec[]): Codec[] {
  const ordered = codecs.toSorted((one, other) => rank(one) - rank(other));
  return codecs.filter(
    (codec) => ordered.find((other) => packetizationMode(other) === packetizationMode(codec)) === codec,
  );
}

const rank = (codec: Codec): number => (profileOf(codec) === 'constrained-baseline' ? 0 : 1);

/**
 * The `profile-level-id` to answer with. Where both allow asymmetry each side states what it receives,
 * so the other's own level is passed on; otherwise the lower level holds for both (RFC 6184 s. 8.2.2).
 */
export function sharedProfileLevelId(own: Codec, other: Codec): string {
  const [ownId, otherId] = [profileLevelId(own), profileLevelId(other)];
  const mayDiffer = allowsAsymmetry(own) && allowsAsymmetry(other);
  const level = mayDiffer || levelOf(otherId) < levelOf(ownId) ? otherId.slice(4) : ownId.slice(4);
  return `${ownId.slice(0, 4)}${level}`;
}

function profileOf(codec: Codec): Profile | undefined {
  const id = profileLevelId(codec);
  if (!/^[0-9a-f]{6}$/i.test(id)) return undefined;
  const [idc, iop] = [Number.parseInt(id.slice(0, 2), 16), Number.parseInt(id.slice(2, 4), 16)];
  return profiles.find((row) => row.idc === idc && (iop & row.set) === row.set && (iop & row.clear) === 0)?.profile;
}

const profileLevelId = (codec: Codec): string =>
  String(codec.parameters['profile-level-id'] ?? defaultProfileLevelId).toLowerCase();
const packetizationMode = (codec: Codec): string => String(codec.parameters['packetization-mode'] ?? 0);
const allowsAsymmetry = (codec: Codec): boolean => String(codec.parameters['level-asymmetry-allowed'] ?? 0) === '1';
const levelOf = (id: string): number => Number.parseInt(id.slice(4), 16);
