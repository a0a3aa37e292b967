/**
 * `edge.v1`, from edge to signaling. Every report has an `id` and gets exactly one `answer` with it;
 * a report that got none may be repeated with the same id and changes nothing the second time.
 */
import * as z from 'zod';
import { sipIdentity } from '../sylkrtc/parts.ts';
import { attachment, type CommandDone, commandDone, type EdgeCommand, edgeCommand } from './commands.ts';
import { elsewhereState } from './elsewhere.ts';
import { aorField, connectionField, count, edgeField, sessionField, sessionKey, text } from './fields.ts';
import { incomingPage, pageAnswer } from './pages.ts';
import { callerAnswer, contactsOrder, digestClaim, registerAnswer, ringingPhone } from './phones.ts';

/** What an edge carries; the placement of new calls reads it. */
export const edgeLoad = z.object({
  calls: count,
  /** 0..1 of one core, the busiest media worker. */
  cpu: z.number().min(0),
  draining: z.boolean(),
});
export type EdgeLoad = z.infer<typeof edgeLoad>;

const incarnation = { edge: edgeField, generation: count };

export const edgeReport = z.discriminatedUnion('kind', [
  /** First on each socket. A new `generation` (ms of the process' start) ends the sessions of older ones. */
  z.object({ kind: z.literal('hello'), id: text, ...incarnation, version: text, load: edgeLoad }),
  /** Renews the lease. */
  z.object({ kind: z.literal('renew'), id: text, ...incarnation, load: edgeLoad }),
  /** One sylkRTC frame for one connection; the next one of that connection waits for the answer. */
  z.object({ kind: z.literal('post'), id: text, connection: connectionField, frame: z.string() }),
  /**
   * A call for an account of ours: who is there? Binds `session` to each device named in the answer. `credentials`: it
   * came by the registration at a provider that these were taken for.
   */
  z.object({
    kind: z.literal('ring'),
    id: text,
    ...incarnation,
    aor: aorField,
    session: sessionField,
    originator: sipIdentity,
    credentials: text.optional(),
  }),
  /** This device answered: it alone owns the session now. `resume` is the client's secret, hashed before it is stored. */
  z.object({
    kind: z.literal('bind'),
    id: text,
    key: sessionKey,
    connection: connectionField,
    resume: text.optional(),
  }),
  /** These sessions are over. With `generation` only those of this life: one that was lost may not know it yet. */
  z.object({ kind: z.literal('ended'), id: text, generation: count.optional(), keys: z.array(sessionKey).readonly() }),
  /** Nobody took this call; told to all devices, kept for those away. `at` in ms since 1970. */
  z.object({ kind: z.literal('missed'), id: text, aor: aorField, originator: sipIdentity, at: count }),
  /** What became of an account at its provider; told again with each refresh. */
  z.object({
    kind: z.literal('elsewhere'),
    id: text,
    ...incarnation,
    aor: aorField,
    credentials: text,
    outcome: elsewhereState,
  }),
  /** A frame could not be posted by the edge itself, because this connection is no more. */
  z.object({ kind: z.literal('gone'), id: text, connection: connectionField }),
  /** A phone registers. `network` is where it comes from, for the count of wrong passwords. */
  z.object({
    kind: z.literal('register'),
    id: text,
    ...incarnation,
    aor: aorField,
    network: text,
    claim: digestClaim,
    callId: text,
    cseq: count,
    order: contactsOrder,
  }),
  /** A phone calls in the name of `aor`. */
  z.object({ kind: z.literal('caller'), id: text, aor: aorField, network: text, claim: digestClaim }),
  /** Somebody who has proven to be `aor` dials a number, which costs money: may it? */
  z.object({ kind: z.literal('may-dial'), id: text, aor: aorField }),
  /**
   * Something was written to `to` by SIP. `proven`: the account of ours whose password the writer has shown.
   * `credentials`: `to` is an account elsewhere, by whose registration at this edge it came; those of that registration.
   */
  z.object({
    kind: z.literal('page'),
    id: text,
    ...incarnation,
    from: sipIdentity,
    to: aorField,
    proven: aorField.optional(),
    credentials: text.optional(),
    page: incomingPage,
  }),
  /** What the other side said to a text of `aor`, as a SIP status: 200 delivered, 202 accepted, from 300 on failed. */
  z.object({
    kind: z.literal('page-sent'),
    id: text,
    aor: aorField,
    to: text,
    message: text,
    code: count,
    reason: text,
  }),
]);
export type EdgeReport = z.infer<typeof edgeReport>;

/** Who rings: `unknown` never existed or is removed (404), `expired` was temporary (410), `away` has no device (480). */
export const ringAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('ringing'),
    devices: z.array(attachment).readonly(),
    /** Phones, those that are rung first in front. */
    phones: z.array(ringingPhone).readonly().optional(),
  }),
  z.object({ status: z.enum(['unknown', 'expired', 'away', 'blocked']) }),
]);
export type RingAnswer = z.infer<typeof ringAnswer>;

const nothing = z.strictObject({});

/** What the answer to a report carries, by the report's kind. */
export const reportResults = {
  hello: z.object({ leaseMs: count, domain: text, aliases: z.array(text).readonly() }),
  /** `lost`: this generation was declared lost; the edge ends its sessions and starts anew. */
  renew: z.object({ lost: z.boolean() }),
  post: z.object({ gone: z.boolean() }),
  ring: ringAnswer,
  bind: nothing,
  ended: nothing,
  missed: nothing,
  /** `wanted`: somebody is signed in with it, and this edge is the one that looks after it; `moved`: another one does. */
  elsewhere: z.object({ wanted: z.boolean(), moved: z.boolean() }),
  gone: nothing,
  register: registerAnswer,
  caller: callerAnswer,
  'may-dial': z.object({ allowed: z.boolean() }),
  page: pageAnswer,
  'page-sent': nothing,
};
export type ReportResults = { [Kind in EdgeReport['kind']]: z.infer<(typeof reportResults)[Kind]> };

const { hello, renew, post, ring, register, caller } = reportResults;

export const reportAnswer = z.discriminatedUnion('ok', [
  z.object({
    kind: z.literal('answer'),
    id: text,
    ok: z.literal(true),
    result: z.union([
      hello,
      renew,
      post,
      // Before ring, whose answers are a part of these and would lose the phones.
      pageAnswer,
      ring,
      register,
      caller,
      reportResults['may-dial'],
      reportResults.elsewhere,
      nothing,
    ]),
  }),
  z.object({ kind: z.literal('answer'), id: text, ok: z.literal(false), error: z.string() }),
]);
export type ReportAnswer = z.infer<typeof reportAnswer>;

/** All that may come from an edge on a link. */
export const fromEdge = z.discriminatedUnion('kind', [edgeReport, commandDone]);
export type FromEdge = EdgeReport | CommandDone;

/** All that may go to an edge on a link. */
export const toEdge = z.discriminatedUnion('kind', [edgeCommand, reportAnswer]);
export type ToEdge = EdgeCommand | ReportAnswer;
