import { Baresip, type BaresipOptions } from './baresip.ts';
import type { Gateway } from './gateway.ts';

export interface PermanentAddress {
  /** `alice@sylk.test` */
  readonly address: string;
  readonly name: string;
  readonly password: string;
}

let addresses = 0;

/** Gives out an address that works from a desk phone, by the HTTP API. */
export async function permanentAddress(
  gateway: Pick<Gateway, 'origin'>,
  name = `desk-${++addresses}`,
): Promise<PermanentAddress> {
  const password = `secret-of-${name}`;
  const response = await fetch(`${gateway.origin}/api/addresses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: gateway.origin },
    body: JSON.stringify({ lifetime: 'permanent', name, password }),
  });
  const made: unknown = await response.json();
  if (typeof made !== 'object' || made === null || !('address' in made))
    throw new Error(`no address: ${response.status} ${JSON.stringify(made)}`);
  return { address: String(made.address), name, password };
}

/** A baresip that registers an address of the gateway's, with the gateway as its outbound proxy. */
export async function deskPhone(
  gateway: Pick<Gateway, 'sipPort'>,
  { address, name, password }: PermanentAddress,
  options: BaresipOptions & { readonly password?: string } = {},
): Promise<Baresip> {
  const transport = options.transport ?? 'udp';
  return Baresip.start({
    ...options,
    user: name,
    registers: { aor: address, everySec: 600 },
    account: [
      `auth_user=${name}`,
      `auth_pass=${options.password ?? password}`,
      `outbound="sip:127.0.0.1:${gateway.sipPort};transport=${transport}"`,
      ...(options.account === undefined ? [] : [options.account]),
    ].join(';'),
  });
}
