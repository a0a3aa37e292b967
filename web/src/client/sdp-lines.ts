/** What one m-line of a description says about its medium. */
export interface SdpLine {
  readonly kind: string;
  /** 0: refused or taken back (RFC 3264 s. 6). */
  readonly port: number;
  readonly direction: RTCRtpTransceiverDirection;
}

/** Reads kind, port and direction of each m-line; all else in the description is the browser's business. */
export function readSdpLines(sdp: string): SdpLine[] {
  const [session = '', ...media] = sdp.split(/^m=/m);
  const common = directionIn(session) ?? 'sendrecv';
  return media.map((section) => {
    const [kind = '', port = '0'] = section.split(/\s/, 2);
    return { kind, port: Number.parseInt(port, 10), direction: directionIn(section) ?? common };
  });
}

/** Directions by kind, in the order of the lines, as `remoteMediaDirections` shows them. */
export function directionsByKind(lines: readonly SdpLine[]): Record<string, string[]> {
  const byKind: Record<string, string[]> = {};
  for (const { kind, direction } of lines) byKind[kind] = [...(byKind[kind] ?? []), direction];
  return byKind;
}

/** Whether the other side offers to send and to receive this medium. */
export const offersBothWays = (lines: readonly SdpLine[], kind: string): boolean =>
  lines.some((line) => line.kind === kind && line.port !== 0 && line.direction === 'sendrecv');

/**
 * Whether an offer brings media that the description before it did not: that is for a person to decide.
 *
 * @param isAwaited kinds that the person has asked for already
 */
export const addsMedia = (
  offered: readonly SdpLine[],
  before: readonly SdpLine[],
  isAwaited: (kind: string) => boolean = () => false,
): boolean => offered.some((line, index) => isSent(line) && !isSent(before[index]) && !isAwaited(line.kind));

/** Where the other end of the media path listens. */
export interface MediaAddress {
  readonly protocol: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
}

/** The candidates of a description (RFC 8839 s. 5.1), each place once. */
export function mediaAddresses(sdp: string): MediaAddress[] {
  const places = new Map<string, MediaAddress>();
  for (const [, transport = '', address = '', port = ''] of sdp.matchAll(candidate)) {
    const protocol = transport.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
    places.set(`${protocol} ${address} ${port}`, { protocol, address, port: Number(port) });
  }
  return [...places.values()];
}

const candidate = /^a=candidate:\S+ \d+ (udp|tcp) \d+ (\S+) (\d+) typ /gim;

const isSent = (line: SdpLine | undefined): boolean =>
  line !== undefined && line.port !== 0 && (line.direction === 'sendrecv' || line.direction === 'sendonly');

const directionIn = (section: string): RTCRtpTransceiverDirection | undefined => {
  const found = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(section)?.[1];
  return directions.find((direction) => direction === found);
};

const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
