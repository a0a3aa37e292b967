/**
 * Rows as columns of text; times (fields that end with `At`, ms since 1970) as ISO 8601.
 *
 * @param {readonly Record<string, unknown>[]} rows
 * @param {string} ifNone the line for no rows
 * @returns {string} lines, each with its end
 */
export function table(rows, ifNone) {
  if (rows.length === 0) return `${ifNone}\n`;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => cell(column, row[column])))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((text, index) => text.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/**
 * @param {string} column
 * @param {unknown} value
 * @returns {string}
 */
function cell(column, value) {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'number' && column.endsWith('At')) return new Date(value).toISOString();
  if (typeof value === 'object') return Object.values(value).join(' ');
  return String(value);
}
