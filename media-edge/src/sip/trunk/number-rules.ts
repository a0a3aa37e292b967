/** The rule with the longest prefix that a number begins with. */
export function ruleFor<Rule extends { readonly prefix: string }>(
  rules: readonly Rule[],
  number: string,
): Rule | undefined {
  const fitting = rules.filter(({ prefix }) => number.startsWith(prefix));
  return fitting.toSorted((one, other) => other.prefix.length - one.prefix.length)[0];
}

/** The number as the trunk wants it: the prefix replaced, or as it is. */
export const dialledAs = (rule: { readonly prefix: string; readonly replace?: string }, number: string): string =>
  rule.replace === undefined ? number : `${rule.replace}${number.slice(rule.prefix.length)}`;
