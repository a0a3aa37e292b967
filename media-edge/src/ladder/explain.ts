import type { EndCause } from '../call/end-cause.ts';
import type { TraceEntry } from '../ports/sip-endpoint.ts';

/**
 * Says in plain words why a call went as it did: for the person who made it, and for whoever helps them.
 *
 * @param entries what happened, oldest first
 */
export function explain(entries: readonly TraceEntry[], cause: EndCause): string {
  const rule = rules.find(({ fits }) => fits(cause, entries));
  return rule ? rule.words(cause) : otherwise(cause);
}

interface Rule {
  fits(cause: EndCause, entries: readonly TraceEntry[]): boolean;
  words(cause: EndCause): string;
}

const detailHas = (pattern: RegExp) => (cause: EndCause) => cause.detail !== undefined && pattern.test(cause.detail);
const phraseIs = (phrase: string) => (cause: EndCause) => cause.phrase === phrase;
const codeIs =
  (...codes: readonly number[]) =>
  (cause: EndCause) =>
    codes.includes(cause.code);
const withDetail = (words: string) => (cause: EndCause) => (cause.detail ? `${words} (${cause.detail}).` : `${words}.`);

/** The first that fits is told, so what is known exactly stands before what only a code tells. */
const rules: readonly Rule[] = [
  { fits: (cause) => cause.by === 'operator', words: withDetail('An operator of the gateway ended the call') },
  // Media between the browser and the gateway.
  {
    fits: phraseIs('ICE failed'),
    words: () =>
      'The browser never reached the media port of the gateway, neither by UDP nor by TCP: a firewall blocks it, or the gateway announces the wrong address.',
  },
  {
    fits: phraseIs('DTLS failed'),
    words: withDetail('The media of browser and gateway could not be encrypted: DTLS failed'),
  },
  {
    fits: phraseIs('Media lost'),
    words: () => 'The media path to the browser broke, and it did not come back in time.',
  },
  {
    fits: phraseIs('Connection lost'),
    words: () => 'The browser lost its connection to the gateway and did not come back in time.',
  },
  // The gateway's own troubles.
  {
    fits: (cause) =>
      phraseIs('Media server failed')(cause) || detailHas(/media of this call are gone|media worker/)(cause),
    words: () => 'The media worker that carried the call failed; another one has taken its place for new calls.',
  },
  { fits: phraseIs('Media server lost'), words: () => 'The machine that carried the call was lost.' },
  { fits: detailHas(/shutting down/), words: () => 'The gateway was shut down during the call.' },
  {
    fits: detailHas(/signaling server/),
    words: withDetail('The gateway could not ask its signaling server who is there'),
  },
  // Before the called is found.
  {
    fits: detailHas(/name server does not answer/),
    words: withDetail('The name of the called network could not be looked up'),
  },
  {
    fits: detailHas(/no such host/),
    words: withDetail('There is no service for calls at that domain'),
  },
  {
    fits: detailHas(/not a network that may be called|this gateway itself/),
    words: withDetail('The address leads to a place that this gateway does not call'),
  },
  { fits: detailHas(/XMPP addresses/), words: () => 'Calls to XMPP addresses are not available on this server.' },
  { fits: detailHas(/^not an address|names nobody/), words: withDetail('What was dialled is not an address') },
  // The far side says nothing.
  {
    fits: detailHas(/^no answer from|nothing could be sent to/),
    words: withDetail(
      'The called server does not answer: it is switched off, its name leads elsewhere, or a firewall drops the call',
    ),
  },
  {
    fits: detailHas(/nothing was heard from the other side/),
    words: withDetail('The call was connected, but then no sound came from the other side any more'),
  },
  {
    fits: detailHas(/no ACK/),
    words: () =>
      'The other side took the call, but its connection broke at that moment: the answer was never acknowledged.',
  },
  {
    fits: detailHas(/it rang|nobody answered|did not answer in time/),
    words: () => 'It rang, but nobody answered in time.',
  },
  {
    fits: (cause, entries) => cause.code === 408 && entries.some(isAlerting),
    words: () => 'It rang, but nobody answered in time.',
  },
  // Codecs and descriptions.
  {
    fits: detailHas(/no common codec/),
    words: withDetail('The two sides have no codec in common, and nothing is transcoded'),
  },
  {
    fits: codeIs(488, 606, 415),
    words: withDetail('The called does not accept this kind of call: no codec or encryption in common'),
  },
  // What the called, or its server, says.
  { fits: codeIs(401, 407), words: () => 'The called server asks for a password, or did not accept it.' },
  {
    fits: (cause) => cause.code === 403 && cause.by === 'callee',
    words: () => 'The called server does not allow this call.',
  },
  { fits: codeIs(403), words: withDetail('This call is not allowed') },
  { fits: codeIs(404, 604), words: () => 'There is nobody by this address.' },
  { fits: codeIs(410), words: () => 'This address was temporary and has expired, or has been removed.' },
  {
    fits: codeIs(480),
    words: () => 'The called is not signed in right now; they will see the call as missed.',
  },
  { fits: codeIs(486, 600), words: () => 'The called is busy.' },
  { fits: codeIs(603), words: () => 'The called declined the call.' },
  { fits: codeIs(487), words: () => 'The caller hung up before anybody answered.' },
  { fits: codeIs(408), words: withDetail('The other side did not answer in time') },
  { fits: codeIs(503, 502, 504), words: withDetail('The called server is not available') },
  { fits: (cause) => cause.code === 200 && cause.by === 'caller', words: () => 'The caller hung up.' },
  { fits: (cause) => cause.code === 200 && cause.by === 'callee', words: () => 'The called hung up.' },
  { fits: codeIs(200), words: () => 'The call ended normally.' },
];

const isAlerting = (entry: TraceEntry): boolean => /^18[0-9] |^session-ringing$/.test(entry.label);

function otherwise(cause: EndCause): string {
  const where = cause.by === 'gateway' ? 'The gateway' : 'The other side';
  return withDetail(`${where} ended the call with ${cause.code} ${cause.phrase}`)(cause);
}
