/** Decides which web pages may use this server from a browser. */
export interface OriginRule {
  /**
   * @param origin `Origin` of the request; programs that are not browsers send none and are let in
   * @param host `Host` of the request
   */
  isAllowed(origin: string | undefined, host: string | undefined): boolean;
}

/**
 * @param patterns origins with `*` for any part, `*` alone for all; without any, only this server's own pages
 */
export const originRule = (patterns: readonly string[]): OriginRule => {
  const isAnyAllowed = patterns.length === 1 && patterns[0] === '*';
  const expressions = patterns.map(toExpression);
  return {
    isAllowed: (origin, host) => {
      if (origin === undefined || isAnyAllowed) return true;
      // Sandboxed frames and files share this name: it says nothing about who they are.
      if (origin === 'null') return false;
      return isSameHost(origin, host) || expressions.some((expression) => expression.test(origin));
    },
  };
};

const isSameHost = (origin: string, host: string | undefined): boolean =>
  URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();

const toExpression = (pattern: string): RegExp => {
  const parts = pattern
    .toLowerCase()
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`, 'i');
};
