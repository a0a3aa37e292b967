import { type OriginRule, originRule } from '../adapters/local/origins.ts';
import type { Log } from '../ports/log.ts';
import type { Environment } from './environment.ts';

/** Which pages may use the APIs of the cloud. */
export const originsOf = ({ webOrigins, domain }: Environment, log: Log): OriginRule =>
  originRule({
    patterns: webOrigins,
    names: [domain.name, ...domain.aliases],
    onRefused: (origin) => log.warn({ origin }, 'refused a page of another origin'),
  });
