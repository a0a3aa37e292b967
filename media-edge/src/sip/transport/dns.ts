import { lookup, Resolver } from 'node:dns/promises';
import { Unresolvable } from './unresolvable.ts';

/** The three questions of RFC 3263. Names without an answer give an empty list. */
export interface Dns {
  naptr(name: string): Promise<readonly NaptrRecord[]>;
  srv(name: string): Promise<readonly SrvRecord[]>;
  /** @throws Unresolvable 503 when the name server does not answer */
  addresses(host: string): Promise<readonly string[]>;
}

export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  /** `SIP+D2U`, ... */
  readonly service: string;
  readonly replacement: string;
}

export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly name: string;
}

/** Asks the machine's name servers; addresses as every program finds them, `/etc/hosts` included. */
export function systemDns(): Dns {
  const resolver = new Resolver(patience);
  return {
    ...servicesBy(resolver),
    addresses: async (host) => {
      try {
        return (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address);
      } catch (cause) {
        if (isUnknownName(cause)) return noRecords;
        throw new Unresolvable(`the name server does not answer for ${host}`, { code: 503, cause });
      }
    },
  };
}

const patience = { timeout: 1_500, tries: 2 };

/** What is asked of name servers themselves, as no other program asks for it. */
export const servicesBy = (resolver: Resolver): Pick<Dns, 'naptr' | 'srv'> => ({
  naptr: (name) => resolver.resolveNaptr(name).catch(() => noRecords),
  srv: (name) => resolver.resolveSrv(name).catch(() => noRecords),
});

/** Many networks' name servers refuse or garble NAPTR and SRV; the address alone does for most phones. */
const noRecords: never[] = [];

const isUnknownName = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA');
