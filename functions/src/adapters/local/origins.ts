import { isIP } from 'node:net';

/** Decides which web pages may use this server from a browser. */
export interface OriginRule {
  /**
   * @param origin `Origin` of the request; programs that are not browsers send none and are let in
   * @param host `Host` of the request
   */
  isAllowed(origin: string | undefined, host: string | undefined): boolean;
}

export interface OriginOptions {
  /** Origins with `*` for any part, `*` alone for all; without any, only this server's own pages. */
  readonly patterns: readonly string[];
  /** Names of this server in lower case, besides `localhost` and addresses; IPv6 addresses in brackets. */
  readonly names: readonly string[];
  /** Told once for each origin that is refused, but not without end. */
  readonly onRefused?: (origin: string) => void;
}

/** Refused origins that are told; whoever makes more up fills no log. */
const maxTold = 100;

export const originRule = ({ patterns, names, onRefused = () => undefined }: OriginOptions): OriginRule => {
  const isAnyAllowed = patterns.length === 1 && patterns[0] === '*';
  const expressions = patterns.map(toExpression);
  const told = new Set<string>();
  const refuse = (origin: string): false => {
    if (!told.has(origin) && told.size < maxTold) onRefused(origin);
    if (told.size < maxTold) told.add(origin);
    return false;
  };
  return {
    isAllowed: (origin, host) => {
      if (origin === undefined || isAnyAllowed) return true;
      // Sandboxed frames and files share this name: it says nothing about who they are.
      if (origin === 'null') return refuse(origin);
      if (isOwnPage(origin, host, names) || expressions.some((expression) => expression.test(origin))) return true;
      return refuse(origin);
    },
  };
};

/**
 * Our own page has our address in both fields. That they agree is not enough for a name: whoever owns one can have
 * it lead here once their page is loaded (DNS rebinding), so the name has to be ours. An address leads nowhere else.
 */
const isOwnPage = (origin: string, host: string | undefined, names: readonly string[]): boolean => {
  const url = URL.parse(origin);
  if (url === null || url.host !== host?.toLowerCase()) return false;
  const name = url.hostname;
  return isLocal(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || names.includes(name);
};

/** RFC 6761 s. 6.3: browsers ask no name server about these. */
const isLocal = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');

const toExpression = (pattern: string): RegExp => {
  const parts = pattern
    .toLowerCase()
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`, 'i');
};
