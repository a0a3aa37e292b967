/** Objects of an address book. `attributes` are the client's own and kept as they are. */
import * as z from 'zod';
import { boolean, id, optional } from './fields.ts';

const attributes = z.record(z.string(), z.unknown());

export const contactUri = z.object({
  id,
  uri: id,
  type: optional(id),
  attributes: optional(attributes),
  default: optional(boolean),
});
export type ContactUri = z.infer<typeof contactUri>;

export const eventHandling = z.object({ policy: id, subscribe: boolean });
export type EventHandling = z.infer<typeof eventHandling>;

/** Of a contact without `defaultUri` (or `default_uri`, as older clients spell it) the first address is the default. */
export const contact = z
  .object({
    id,
    name: id,
    uris: z.array(contactUri).readonly(),
    dialog: eventHandling,
    presence: eventHandling,
    attributes: optional(attributes),
    defaultUri: optional(contactUri),
    default_uri: optional(contactUri),
  })
  .transform(({ default_uri, ...rest }) => ({ ...rest, defaultUri: rest.defaultUri ?? default_uri ?? rest.uris[0] }));
export type Contact = z.infer<typeof contact>;

export const group = z.object({
  id,
  name: id,
  attributes: optional(attributes),
  contacts: z.array(contact).readonly(),
});
export type Group = z.infer<typeof group>;

export const policy = z.object({
  id,
  name: id,
  uri: id,
  dialog: eventHandling,
  presence: eventHandling,
  attributes: optional(attributes),
});
export type Policy = z.infer<typeof policy>;

export const addressbook = z.object({
  contacts: z.array(contact).readonly(),
  groups: z.array(group).readonly(),
  policies: z.array(policy).readonly(),
});
export type Addressbook = z.infer<typeof addressbook>;
