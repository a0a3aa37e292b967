/**
 * The course of a call without the bodies of its messages, which nobody reads on a page; the copy has them.
 *
 * @param ladder one line an event, bodies indented below it
 */
export function outline(ladder: string): string {
  return ladder
    .split('\n')
    .filter((line) => !/^\s+\{/.test(line))
    .join('\n');
}
