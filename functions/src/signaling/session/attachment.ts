import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import type { Aor, ConnectionId, DeviceId } from '@sylk/protocol/ids.ts';

/** What an added account and a registered device have in common. */
interface Place {
  readonly aor: Aor;
  readonly account: string;
  readonly device: DeviceId;
  readonly displayName?: string;
  readonly headerPrefixes: readonly string[];
}

/** The connection that speaks for a session of this account and device. */
export const toAttachment = (place: Place, connection: ConnectionId, epoch: number): Attachment => ({
  connection,
  device: place.device,
  aor: place.aor,
  account: place.account === place.aor ? undefined : place.account,
  displayName: place.displayName,
  epoch,
  headerPrefixes: place.headerPrefixes,
});
