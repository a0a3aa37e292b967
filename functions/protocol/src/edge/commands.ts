/**
 * `edge.v1`, from signaling to edge. JSON text frames on the socket that the edge opened.
 *
 * Every command has an `id`; an edge carries one id out once and answers it with `done` every time.
 * `ttlMs` is relative, counted from receipt: an edge does not start a command that is older.
 * The outcome for the browser is never in `done`: the edge posts it (see edge/reports.ts).
 */
import * as z from 'zod';
import * as requests from '../sylkrtc/requests/session.ts';
import { elsewhereAccount } from './elsewhere.ts';
import { aorField, connectionField, count, deviceField, sessionField, sessionKey, text } from './fields.ts';
import { outgoingPage } from './pages.ts';
import { phonePlace } from './phones.ts';

/** The connection that speaks for a session, as signaling has checked it. */
export const attachment = z.object({
  connection: connectionField,
  device: deviceField,
  aor: aorField,
  /** The account as this client wrote it (an alias of our domain, other case), absent if it is `aor`: its account events name it so. */
  account: text.optional(),
  displayName: text.optional(),
  /** Rises with each resume; an edge ignores what comes from a lower one. */
  epoch: count,
  /** Prefixes of SIP header names shown to this client (`incoming_header_prefixes`). */
  headerPrefixes: z.array(text).readonly(),
});
export type Attachment = z.infer<typeof attachment>;

const sessionRequest = z.discriminatedUnion('sylkrtc', [
  requests.sessionCreate,
  requests.sessionAnswer,
  requests.sessionTrickle,
  requests.sessionTerminate,
  requests.sessionUpdate,
  requests.sessionMessage,
  requests.sessionDtmfInfo,
  requests.sessionAck,
  requests.sessionRinging,
  requests.sessionTransfer,
]);

const command = {
  id: text,
  ttlMs: count,
  /** Nobody waits for `done`: the edge sends none, and answers the browser itself when it cannot carry the command out. */
  quiet: z.literal(true).optional(),
};

export const edgeCommand = z.discriminatedUnion('kind', [
  /** A session request of a browser, validated and authorised; the edge answers the browser. */
  z.object({ kind: z.literal('request'), ...command, from: attachment, request: sessionRequest }),
  /** The session's new connection; the edge acks, replays what `last_event` misses, and drops the old one. */
  z.object({ kind: z.literal('resume'), ...command, from: attachment, request: requests.sessionResume }),
  /** The connection is gone: its sessions start their grace. */
  z.object({ kind: z.literal('connection-lost'), ...command, connection: connectionField }),
  /** A device signed in (again) while `session` rings for its account: ring it too. */
  z.object({ kind: z.literal('device-ready'), ...command, session: sessionField, to: attachment }),
  /** Register this account at its provider, and keep it registered; the outcome comes as `elsewhere` reports. */
  z.object({ kind: z.literal('register-elsewhere'), ...command, account: elsewhereAccount }),
  /** Look after it no longer. `moved`: another edge does already, so nothing is to be said to the provider. */
  z.object({ kind: z.literal('unregister-elsewhere'), ...command, aor: aorField, moved: z.boolean() }),
  /** Send this to `to` by SIP; what became of a text comes as `page-sent`. With `place`, to that phone of ours. */
  z.object({
    kind: z.literal('page'),
    ...command,
    from: z.object({ aor: aorField, displayName: text.optional() }),
    to: text,
    place: phonePlace.optional(),
    page: outgoingPage,
  }),
  /** An operator ends a call. `reason` is `<code> <phrase>`. */
  z.object({ kind: z.literal('end'), ...command, key: sessionKey, reason: text }),
  /** Take no new calls. */
  z.object({ kind: z.literal('drain'), ...command }),
  /** Ask: the calls of this edge; the ladder of one session; a call to echo over the edge's own SIP port. */
  z.object({ kind: z.literal('list-calls'), ...command }),
  z.object({ kind: z.literal('ladder'), ...command, aor: aorField, session: sessionField }),
  z.object({ kind: z.literal('probe'), ...command }),
]);
export type EdgeCommand = z.infer<typeof edgeCommand>;

/** The edge's word that it has a command (or had it before). `result` only for the three that ask. */
export const commandDone = z.object({
  kind: z.literal('done'),
  id: text,
  ok: z.boolean(),
  error: z.string().optional(),
  result: z.unknown().optional(),
});
export type CommandDone = z.infer<typeof commandDone>;

/** Result of `list-calls`: one row a call. */
export const callRow = z.object({
  call: text,
  from: text,
  to: text,
  state: text,
  sinceMs: count,
  key: sessionKey.optional(),
});
export type CallRow = z.infer<typeof callRow>;

/**
 * What the media of one side came to over the `ms` that end at `at`. "In" is what this side sent to us, "lost" what did
 * not arrive: `lostIn` as we counted it, `lostOut` as the other end reports it (RFC 3550 s. 6.4.1), where it does.
 */
export const mediaSample = z.object({
  at: count,
  ms: count,
  packetsIn: count,
  packetsOut: count,
  bytesIn: count,
  bytesOut: count,
  lostIn: count,
  lostOut: count.optional(),
  /** Of the sound that came in (RFC 3550 s. 6.4.1), ms. */
  jitterMs: z.number().min(0).optional(),
});
export type MediaSample = z.infer<typeof mediaSample>;

/** Result of `ladder`, redacted; an edge that does not know the session answers `ok: false`. Times in ms since 1970. */
export const callLadder = z.object({
  call: text,
  from: text,
  to: text,
  /** Why it ended or failed, in plain words. */
  cause: z.string().optional(),
  entries: z
    .array(
      z.object({
        at: count,
        /** `browser`, `gateway`, `sip`, `media` ... */
        from: text,
        to: text,
        /** `INVITE`, `180 Ringing`, `session-create`, `ICE connected`. */
        label: z.string(),
        detail: z.string().optional(),
      }),
    )
    .readonly(),
  /** Over time, once media flow; later stretches of a long call are longer. */
  media: z
    .array(z.object({ side: z.enum(['caller', 'called']), kind: text, samples: z.array(mediaSample).readonly() }))
    .readonly()
    .optional(),
});
export type CallLadder = z.infer<typeof callLadder>;

/** Result of `probe`. */
export const probeResult = z.object({
  ok: z.boolean(),
  setUpMs: z.number().min(0).optional(),
  packetsBack: count.optional(),
  error: z.string().optional(),
});
export type ProbeResult = z.infer<typeof probeResult>;
