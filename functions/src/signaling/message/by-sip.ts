import type { EdgeId } from '@sylk/protocol/ids.ts';
import { commandTtlMs } from '@sylk/protocol/limits.ts';
import type { AccountMessage } from '@sylk/protocol/sylkrtc/requests.ts';
import type { AddedAccount } from '../../ports/connections.ts';
import { pickEdge } from '../edge/pick.ts';
import { provenRegistration } from '../elsewhere/line.ts';
import { isElsewhere } from '../elsewhere/secret.ts';
import { RequestError } from '../errors.ts';
import type { AddressedCommand } from '../outcome.ts';
import type { Services } from '../services.ts';

/** The order to send a text; both receipts are asked for. */
export const textBySip = (
  services: Services,
  added: AddedAccount,
  { message_id: message, content, content_type: contentType, timestamp }: AccountMessage,
  to: string,
): Promise<AddressedCommand> => {
  const at = Math.max(0, Date.parse(timestamp));
  const wishes = { wantsDelivery: true, wantsDisplay: true };
  return toEdge(services, added, to, { kind: 'message', message, contentType, content, at, ...wishes });
};

type Page = Extract<AddressedCommand['command'], { kind: 'page' }>['page'];

/**
 * The order to send something in the name of an account.
 *
 * @throws RequestError when no edge can do it
 */
export const toEdge = async (
  services: Services,
  added: AddedAccount,
  to: string,
  page: Page,
): Promise<AddressedCommand> => {
  const { aor, displayName } = added;
  const edge = await edgeFor(services, added);
  if (edge === undefined) throw new RequestError('no-edge', 'No media server is available, try again');
  const from = { aor, ...(displayName === undefined ? {} : { displayName }) };
  return { to: edge, command: { kind: 'page', id: services.crypto.token(12), ttlMs: commandTtlMs, from, to, page } };
};

/** For an account elsewhere the one that its provider knows; for ours any. */
const edgeFor = async (services: Services, added: AddedAccount): Promise<EdgeId | undefined> => {
  const { directory, edgeLink, crypto } = services;
  if (isElsewhere(added)) {
    const owner = (await provenRegistration(services, added))?.owner;
    return owner !== undefined && (await directory.isAlive(owner)) ? owner.edge : undefined;
  }
  const alive = await directory.alive();
  return pickEdge(alive, edgeLink.isLinked.bind(edgeLink), crypto.below)?.edge;
};
