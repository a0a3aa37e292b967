/** A message as people read it: JSON with a line a field, and the lines of an SDP below each other. */
export function readable(detail: string): string {
  const text = detail.trimEnd();
  if (!text.startsWith('{')) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2).replaceAll('\\r\\n', '\n    ');
  } catch (error) {
    // What was cut for its length is no JSON any more.
    if (error instanceof SyntaxError) return text.replaceAll('\\r\\n', '\n    ');
    throw error;
  }
}
