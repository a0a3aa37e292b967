import { isJsonObject } from './json.ts';
import { maxShownChars } from './limits.ts';

/**
 * Shows a JSON value as the reference server does in its error texts: as a literal of Python.
 * Cut to `maxShownChars` characters, so that an error is never larger than the frame it answers.
 *
 * @param value from `parseJson`, which bounds its depth
 */
export const showValue = (value: unknown): string => {
  const text = pythonLiteral(value);
  return text.length <= maxShownChars ? text : `${text.slice(0, maxShownChars)}...`;
};

const pythonLiteral = (value: unknown): string => {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberLiteral(value);
  if (typeof value === 'string') return stringLiteral(value);
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  return isJsonObject(value) ? dictLiteral(value) : String(value);
};

const dictLiteral = (object: Readonly<Record<string, unknown>>): string =>
  `{${Object.entries(object)
    .map(([key, value]) => `${stringLiteral(key)}: ${pythonLiteral(value)}`)
    .join(', ')}}`;

// Python leaves the plain form below 1e-4 and from 1e16 on, and gives exponents two digits.
const numberLiteral = (value: number): string => {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value).toString();
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 16) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
};

const stringLiteral = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\'"]|[^ \p{L}\p{M}\p{N}\p{P}\p{S}]/gu, (char) => {
    if (char === '\\' || char === quote) return `\\${char}`;
    return char === "'" || char === '"' ? char : controlEscape(char);
  });
  return `${quote}${escaped}${quote}`;
};

const shortEscapes = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

const controlEscape = (char: string): string => {
  const short = shortEscapes.get(char);
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
};
