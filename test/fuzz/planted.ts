/** Faults put into the reading of SIP messages, one at a time: whoever fuzzes must find each of them. */
import type { parseMessage } from '../../media-edge/src/sip/message/parse-message.ts';
import type { Target } from './engine/target.ts';

type Parse = typeof parseMessage;

/** Each takes the sound parser and spoils it. */
const faults: ReadonlyMap<string, (parse: Parse) => Parse> = new Map<string, (parse: Parse) => Parse>([
  ['hang', (parse) => (bytes) => (bytes.includes(';;;;') ? forever() : parse(bytes))],
  ['throw', (parse) => (bytes) => throwAtFirstCSeq(parse(bytes))],
  [
    'slow',
    (parse) => (bytes) => {
      countSemicolonsSlowly(bytes);
      return parse(bytes);
    },
  ],
  ['leak', (parse) => (bytes) => remembered(bytes, parse(bytes))],
  ['wrong', (parse) => (bytes) => withoutFaultOfMethod(parse(bytes))],
]);

export const plantedFaults: readonly string[] = [...faults.keys()];

/** @throws Error for a fault that is none */
export async function plantedTarget(name: string): Promise<Target> {
  const spoil = faults.get(name);
  if (spoil === undefined) throw new Error(`no fault '${name}' to plant, use one of: ${plantedFaults.join(', ')}`);
  const { sipMessageTarget } = await import('./targets/sip-message.ts');
  const { parseMessage } = await import('../../media-edge/src/sip/message/parse-message.ts');
  return sipMessageTarget(spoil(parseMessage));
}

function forever(): never {
  for (;;);
}

/** The lowest number that RFC 3261 s. 8.1.1.5 allows. */
function throwAtFirstCSeq(parsed: ReturnType<Parse>): ReturnType<Parse> {
  if (parsed.kind === 'request' && parsed.message.cseq === 0) throw new TypeError('planted');
  return parsed;
}

/** For each semicolon everything before it is read again. */
function countSemicolonsSlowly(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 59) continue;
    for (let before = 0; before < at; before++) if (bytes[before] === 59) count++;
  }
  return count;
}

const seen = new Map<string, Buffer>();

function remembered(bytes: Buffer, parsed: ReturnType<Parse>): ReturnType<Parse> {
  if (parsed.kind === 'request') seen.set(`${seen.size} ${parsed.message.callId}`, Buffer.from(bytes));
  return parsed;
}

/** Takes a request whose CSeq names another method. */
function withoutFaultOfMethod(parsed: ReturnType<Parse>): ReturnType<Parse> {
  const isOfMethod = parsed.kind === 'request' && parsed.fault?.phrase.startsWith('CSeq of') === true;
  return isOfMethod ? { ...parsed, fault: undefined } : parsed;
}
