/** One report of the browser (W3C webrtc-stats), with its codec's fields and with rates since the sample before. */
export type StatsEntry = Readonly<Record<string, unknown>>;

export interface StatsByDirection {
  readonly inbound: readonly StatsEntry[];
  readonly outbound: readonly StatsEntry[];
}

export interface SortedStats {
  readonly audio: StatsByDirection;
  readonly video: StatsByDirection;
  /** The candidate pair in use; empty while there is none. */
  readonly connection: StatsEntry;
  /** As the other end reports it by RTCP. */
  readonly remote: { readonly audio: StatsByDirection; readonly video: StatsByDirection };
}

/** Sorts a report by medium and direction. */
export function sortStats(report: RTCStatsReport, before: RTCStatsReport | undefined): SortedStats {
  const entries = entriesOf(report);
  const earlier = new Map(before && entriesOf(before).map((entry) => [entry.id, entry]));
  const codecs = new Map(entries.filter(({ type }) => type === 'codec').map((entry) => [entry.id, entry]));
  const pick = (type: string, kind: string) =>
    entries
      .filter((entry) => entry.type === type && entry.kind === kind)
      .map((entry) => ({ ...codecOf(codecs.get(entry.codecId)), ...entry, ...rates(entry, earlier.get(entry.id)) }));
  const both = (kind: string, prefix = ''): StatsByDirection => ({
    inbound: pick(`${prefix}inbound-rtp`, kind),
    outbound: pick(`${prefix}outbound-rtp`, kind),
  });
  return {
    audio: both('audio'),
    video: both('video'),
    connection: entries.find(isInUse) ?? {},
    remote: { audio: both('audio', 'remote-'), video: both('video', 'remote-') },
  };
}

const entriesOf = (report: RTCStatsReport): StatsEntry[] => [...report.values()].filter(isEntry);

const isEntry = (value: unknown): value is StatsEntry => typeof value === 'object' && value !== null;

const isInUse = ({ type, nominated, state, selected }: StatsEntry): boolean =>
  type === 'candidate-pair' && (selected === true || (nominated === true && state === 'succeeded'));

function codecOf(codec: StatsEntry | undefined): StatsEntry {
  if (codec === undefined) return {};
  const { mimeType, clockRate, payloadType, channels, sdpFmtpLine } = codec;
  return { mimeType, clockRate, payloadType, channels, sdpFmtpLine };
}

/** Bits and packets a second, and the share of packets lost, 0 to 1; absent in the first sample. */
function rates(now: StatsEntry, before: StatsEntry | undefined): StatsEntry {
  const seconds = before === undefined ? 0 : (count(now.timestamp) - count(before.timestamp)) / 1_000;
  if (before === undefined || seconds <= 0) return {};
  const grown = (name: string) => Math.max(0, count(now[name]) - count(before[name]));
  const packets = grown('packetsReceived') + grown('packetsSent');
  const lost = grown('packetsLost');
  return {
    bitrate: ((grown('bytesReceived') + grown('bytesSent')) * 8) / seconds,
    packetRate: packets / seconds,
    packetLossRate: lost === 0 ? 0 : lost / (lost + packets),
  };
}

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);
