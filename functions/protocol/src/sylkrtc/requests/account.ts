/** Requests that add, register and remove accounts. Fields stand in the order in which they are checked. */
import * as z from 'zod';
import { digestAlgorithms } from '../../digest-claim.ts';
import { maxHeaders, maxIdChars } from '../../limits.ts';
import { address, boolean, id, matching, optional, unique } from '../fields.ts';

const accountRequest = { transaction: id, account: address };

const password = z.string().refine((text) => text.length >= 1 && text.length <= 9999, {
  error: "the value's length must be between 1 and 9999 inclusive",
});

// Names become parts of SIP headers.
const name = matching(/^[^\r\n\0]*$/, 'name', 'one line without NUL').max(maxIdChars);
const device = matching(/^[\w-]{8,64}$/, 'device', "8 to 64 letters, digits, '_' or '-'");

export const accountAdd = z.object({
  sylkrtc: z.literal('account-add'),
  ...accountRequest,
  password,
  display_name: optional(name),
  user_agent: optional(name),
  incoming_header_prefixes: optional(z.array(id).max(maxHeaders).transform(unique)),
  /** Addition: a stable id of this browser. Absent: the connection is the device. */
  device: optional(device),
  /** Addition: this client answers `challenge` events of accounts elsewhere with `account-credentials`. */
  challenges: optional(boolean),
});
export type AccountAdd = z.infer<typeof accountAdd>;

export const accountRemove = z.object({ sylkrtc: z.literal('account-remove'), ...accountRequest });
export type AccountRemove = z.infer<typeof accountRemove>;

export const accountRegister = z.object({ sylkrtc: z.literal('account-register'), ...accountRequest });
export type AccountRegister = z.infer<typeof accountRegister>;

/** Addition: HA1 that the provider of an account elsewhere has asked for. */
export const accountCredentials = z.object({
  sylkrtc: z.literal('account-credentials'),
  ...accountRequest,
  realm: id,
  algorithm: z.enum(digestAlgorithms),
  ha1: matching(/^[\da-f]{32,64}$/, 'ha1', '32 to 64 lower-case hex digits'),
});
export type AccountCredentials = z.infer<typeof accountCredentials>;

export const accountUnregister = z.object({ sylkrtc: z.literal('account-unregister'), ...accountRequest });
export type AccountUnregister = z.infer<typeof accountUnregister>;

/** Addition: nothing of this contact reaches the account any more. */
export const accountBlock = z.object({ sylkrtc: z.literal('account-block'), ...accountRequest, uri: address });
export type AccountBlock = z.infer<typeof accountBlock>;

/** Addition: this contact is wanted, and blocked no longer. */
export const accountAllow = z.object({ sylkrtc: z.literal('account-allow'), ...accountRequest, uri: address });
export type AccountAllow = z.infer<typeof accountAllow>;

export const accountDevicetoken = z.object({
  sylkrtc: z.literal('account-devicetoken'),
  ...accountRequest,
  token: z.string(),
  platform: id,
  device: id,
  silent: boolean,
  app: id,
});
export type AccountDevicetoken = z.infer<typeof accountDevicetoken>;
