/** `SylkRTC (<browser> <version> on <system> <version>) - <name> <version>`, as other sylkRTC clients name themselves. */
export function userAgentOf(
  browser: string,
  application?: { readonly name: string; readonly version: string },
): string {
  const own = `SylkRTC (${browserOf(browser)} on ${systemOf(browser)})`;
  return application ? `${own} - ${application.name} ${application.version}` : own;
}

/** The first that matches: most browsers also name those that they resemble. */
const browsers = [
  ['Edge', /Edg\/([\d.]+)/],
  ['Opera', /OPR\/([\d.]+)/],
  ['Firefox', /Firefox\/([\d.]+)/],
  ['Chrome', /(?:Headless)?Chrome\/([\d.]+)/],
  ['Safari', /Version\/([\d.]+).*Safari/],
  ['Node', /Node\.js\/(\d+)/],
] as const;

const systems = [
  ['Windows', /Windows NT ([\d.]+)/],
  ['Android', /Android ([\d.]+)/],
  ['iOS', /(?:iPhone|CPU) OS ([\d_]+)/],
  ['macOS', /Mac OS X ([\d_.]+)/],
  ['Chrome OS', /CrOS \S+ ([\d.]+)/],
  ['Linux', /Linux( ?)/],
] as const;

const browserOf = (text: string): string => firstMatch(browsers, text) ?? 'unknown browser';
const systemOf = (text: string): string => firstMatch(systems, text) ?? 'unknown system';

function firstMatch(table: readonly (readonly [string, RegExp])[], text: string): string | undefined {
  for (const [name, pattern] of table) {
    const found = pattern.exec(text);
    if (found) return `${name} ${(found[1] ?? '').replaceAll(/(?<=\d)_(?=\d)/g, '.')}`.trim();
  }
  return undefined;
}
