import { invalidSyntax } from './invalid-syntax.ts';
import { ipv6 } from './ipv6.ts';
import { otherLayers } from './other-layers.ts';
import { validSyntax } from './valid-syntax.ts';

/** What becomes of a message: final status codes in their order, `silence`, or `closed` for a connection ended over it. */
export interface Verdict {
  /** What is special about the message. */
  readonly about: string;
  readonly udp: string;
  /** Where it differs from `udp`. */
  readonly tcp?: string;
  /** Why that is right, where it does not speak for itself. */
  readonly because?: string;
}

export interface TortureMessage extends Verdict {
  readonly name: string;
  readonly section: string;
  readonly bytes: Buffer;
}

/** The called person is busy: the message came through as a call. */
const busy = '486';
const silence = 'silence';
const noTransaction = 'it answers nothing that we asked, and a response is never answered';
const noDialog = 'its To has the tag of a dialog that we do not know (RFC 3261 s. 12.2.2)';

const ofOurs = 'whoever calls in the name of one of our accounts has to prove it';

const of = (about: string, udp: string, more: Pick<Verdict, 'tcp' | 'because'> = {}): Verdict => ({
  about,
  udp,
  ...more,
});

const validSyntaxVerdicts = {
  wsinv: of('white space, folded lines, any case', '481', { because: noDialog }),
  intmeth: of('every character that is allowed', '501'),
  esc01: of('escapes in addresses', busy),
  escnull: of('escaped zeros in addresses', '401'),
  esc02: of('percent signs that escape nothing', '501'),
  lwsdisp: of('a name without space before its bracket', '200'),
  longreq: of('long values everywhere, 34 of Via', busy),
  dblreq: of('a second request behind the first', '401', {
    tcp: '401 400',
    because: 'a datagram is one message; in a stream the second is one of its own, with a broken description',
  }),
  semiuri: of('a semicolon within the user', '200'),
  transports: of('transports that nobody speaks', '200'),
  mpart01: of('a body of two parts, one binary', '407'),
  unreason: of('a phrase beyond ASCII', silence, { because: noTransaction }),
  noreason: of('an empty phrase', silence, { because: noTransaction }),
};

const invalidSyntaxVerdicts = {
  badinv01: of('separators with nothing between them', silence, {
    because: 'its Via names nobody whom an answer could be sent to',
  }),
  clerr: of('a length beyond the message', '400', { tcp: silence, because: 'in a stream the rest may still come' }),
  ncl: of('a negative length', '400', { tcp: 'closed', because: 'in a stream nobody knows where the next one begins' }),
  scalar02: of('numbers out of range', '400'),
  scalarlg: of('numbers out of range in a response', silence, { because: noTransaction }),
  quotbal: of('a quote that is not closed', '400'),
  ltgtruri: of('brackets around the Request-URI', '400'),
  lwsruri: of('a space within the Request-URI', '400'),
  lwsstart: of('two spaces in the start line', '400'),
  trws: of('spaces after the start line', '400'),
  escruri: of('headers in the Request-URI', '400'),
  baddate: of('a date in a zone that is none', busy, { because: 'nobody here reads the date, so the call may come' }),
  regbadct: of('a Contact that needs brackets', '400'),
  badaspec: of('spaces within brackets', '400'),
  baddn: of('a comma in a name without quotes', '400'),
  badvers: of('another version of SIP', '505'),
  mismatch01: of('another method in CSeq', '400'),
  mismatch02: of('the same with an unknown method', '400'),
  bigcode: of('a status code beyond 32 bits', silence, { because: noTransaction }),
};

const otherLayersVerdicts = {
  badbranch: of('a branch of the magic cookie alone', '200', { because: 'the older rule tells the transaction' }),
  insuf: of('From, To and Call-ID left out', '400'),
  unkscm: of('a scheme that nobody knows', '416'),
  novelsc: of('a scheme of another protocol', '416'),
  unksm2: of('such schemes in To, From and Contact', '400', { because: 'nobody of ours is to be registered by it' }),
  bext01: of('extensions that nobody has', '420'),
  invut: of('a body of an unknown type', '415'),
  regaut01: of('credentials of an unknown scheme', '401', { because: 'they are as good as none' }),
  multi01: of('headers twice that may be there once', '400'),
  mcl01: of('two lengths', '400', { tcp: 'closed', because: 'in a stream nobody knows where the next one begins' }),
  bcast: of('a response with a Via of others', silence, { because: noTransaction }),
  zeromf: of('no hops left', '200', { because: 'an OPTIONS to us ends here anyway (RFC 3261 s. 11)' }),
  cparam01: of('a parameter behind a Contact without brackets', '401'),
  cparam02: of('the same within brackets', '401'),
  regescrt: of('a Contact with headers', '401'),
  sdp01: of('no answer of ours is accepted', '406'),
  inv2543: of('a call as RFC 2543 had it', '400', {
    because: 'a caller without tag and Contact could not be hung up on',
  }),
};

const ipv6Verdicts = {
  'ipv6-good': of('an address in brackets', '401'),
  'ipv6-bad': of('an address without brackets', '400'),
  'port-ambiguous': of('a port that reads as part of the address', '401', {
    because: 'that is what it is part of, as it is within the brackets',
  }),
  'port-unambiguous': of('a port behind the brackets', '401'),
  'via-received-param-with-delim': of('brackets in received', '481', { because: noDialog }),
  'via-received-param-no-delim': of('no brackets in received', '200'),
  'ipv6-in-sdp': of('an address of IPv6 in the description', '407', { because: ofOurs }),
  'mult-ip-in-header': of('both versions in Via', '481', { because: noDialog }),
  'mult-ip-in-sdp': of('both versions in the description', '407', { because: ofOurs }),
  'ipv4-mapped-ipv6': of('an IPv4 address within one of IPv6', '488', {
    because: 'neither G.726 nor H.263 is spoken here',
  }),
  'ipv6-bug-abnf-3-colons': of('three colons, by a fault of the old grammar', '200', {
    because: 'who wrote by the old grammar is understood (RFC 5118 s. 4.10)',
  }),
  'ipv6-correct-abnf-2-colons': of('the same with two', '200'),
};

const sectionsOfIpv6 = ['1', '2', '3', '4', '5', '5', '6', '7', '8', '9', '10', '10'];

/** RFC 4475, in its order. */
export const rfc4475: readonly TortureMessage[] = [
  ...joined(validSyntax, validSyntaxVerdicts, (index) => `3.1.1.${index + 1}`),
  ...joined(invalidSyntax, invalidSyntaxVerdicts, (index) => `3.1.2.${index + 1}`),
  ...joined(otherLayers, otherLayersVerdicts, sectionOfOther),
];

/** RFC 5118, in its order. */
export const rfc5118: readonly TortureMessage[] = joined(ipv6, ipv6Verdicts, (index) => `4.${sectionsOfIpv6[index]}`);

function sectionOfOther(index: number): string {
  if (index === 0) return '3.2.1';
  return index <= 15 ? `3.3.${index}` : '3.4.1';
}

function joined<Name extends string>(
  messages: Readonly<Record<Name, Buffer>>,
  verdicts: Readonly<Record<Name, Verdict>>,
  section: (index: number) => string,
): TortureMessage[] {
  return Object.entries<Buffer>(messages).map(([name, bytes], index) => {
    const verdict = Object.entries<Verdict>(verdicts).find(([other]) => other === name)?.[1];
    if (verdict === undefined) throw new Error(`no verdict on ${name}`);
    return { name, section: section(index), bytes, ...verdict };
  });
}
