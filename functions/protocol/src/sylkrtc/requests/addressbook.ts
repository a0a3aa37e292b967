/** Requests about the address book. Fields stand in the order in which they are checked. */
import * as z from 'zod';
import { contact, group, policy } from '../addressbook.ts';
import { address, id } from '../fields.ts';

export const accountFetchAddressbook = z.object({
  sylkrtc: z.literal('account-fetch-addressbook'),
  transaction: id,
  account: address,
});
export type AccountFetchAddressbook = z.infer<typeof accountFetchAddressbook>;

const update = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({
    sylkrtc: z.literal('account-update-addressbook'),
    // The object is read before the envelope, hence its errors come first.
    data,
    transaction: id,
    account: address,
    action: z.enum(['add', 'update', 'delete']),
    type: z.literal(type),
  });

/** `data` is a complete object of that `type`, also for `delete`. */
export const accountUpdateAddressbook = z.discriminatedUnion('type', [
  update('contact', contact),
  update('group', group),
  update('policy', policy),
]);
export type AccountUpdateAddressbook = z.infer<typeof accountUpdateAddressbook>;
