/** True for a numeric IPv4 or IPv6 address, without brackets and without a zone (RFC 8866 s. 9). */
export const isIpAddress = (text: string): boolean => isIpv4(text) || isIpv6(text);

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** RFC 4291 s. 2.2: eight groups, one run of zeros as `::`, the last two groups perhaps as IPv4. */
function isIpv6(text: string): boolean {
  const [head, tail, ...more] = text.split('::');
  if (more.length > 0 || head === undefined) return false;
  const groups = [...groupsOf(head), ...groupsOf(tail ?? '')];
  const last = groups.at(-1) ?? '';
  const count = groups.length + (last.includes('.') ? 1 : 0);
  const areValid = groups.every(
    (group, index) => /^[0-9a-fA-F]{1,4}$/.test(group) || (tail !== '' && index === groups.length - 1 && isIpv4(group)),
  );
  return areValid && (tail === undefined ? count === 8 : count <= 7);
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));
