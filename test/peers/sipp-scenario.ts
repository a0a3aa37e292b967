import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { Sipp } from './sipp.ts';

/** One step of a SIPp scenario, as XML. */
export type Step = string;

/** What a message has to have, each as a regular expression of POSIX. */
type Has = readonly string[];

/** What SIPp, as caller, sends after the answer: in the dialog, to the Contact, by the routes of the answer. */
const dialogHead = (method: string) => `${method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: <sip:bob@phones.example>;tag=[pid]S[call_number]
To: <sip:[service]@gateway.test>[peer_tag_param]
Call-ID: [call_id]
Max-Forwards: 70
Contact: <sip:bob@[local_ip]:[local_port];transport=[transport]>`;

/** Sound as phones write it; the media port is nobody's. */
export const sound = (direction = 'sendrecv', address = '[local_ip]', version = 1): string =>
  `v=0
o=bob 77 ${version} IN IP4 127.0.0.1
s=-
c=IN IP4 ${address}
t=0 0
m=audio 15990 RTP/AVP 0 101
a=rtpmap:101 telephone-event/8000
a=${direction}`;

interface Sent {
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Of the body; SDP by default. */
  readonly type?: string;
}

const message = (lines: string, { headers = [], body, type = 'application/sdp' }: Sent): Step => {
  const extra = [...headers, ...(body === undefined ? [] : [`Content-Type: ${type}`])]
    .map((line) => `\n${line}`)
    .join('');
  return `<send retrans="500"><![CDATA[
${lines}${extra}
Content-Length: [len]

${body ?? ''}
]]></send>`;
};

/** The INVITE of a call to alice. */
export const invite = (sent: Sent & { cseq?: number; from?: string } = { body: sound() }): Step =>
  message(
    `INVITE sip:[service]@gateway.test SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: ${sent.from ?? '<sip:bob@phones.example>'};tag=[pid]S[call_number]
To: <sip:[service]@gateway.test>
Call-ID: [call_id]
CSeq: ${sent.cseq ?? 1} INVITE
Max-Forwards: 70
Contact: <sip:bob@[local_ip]:[local_port];transport=[transport]>`,
    sent,
  );

/** A MESSAGE outside calls to alice. */
export const page = (sent: Sent & { cseq?: number; from?: string; callId?: string }): Step =>
  message(
    `MESSAGE sip:[service]@gateway.test SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: ${sent.from ?? '"Bob" <sip:bob@phones.example>'};tag=[pid]S[call_number]
To: <sip:[service]@gateway.test>
Call-ID: ${sent.callId ?? '[call_id]'}
CSeq: ${sent.cseq ?? 1} MESSAGE
Max-Forwards: 70`,
    { type: 'text/plain', ...sent },
  );

/** A request within the call; `cseq` is its number. */
export const asks = (method: string, cseq: number, sent: Sent = {}): Step =>
  message(`${dialogHead(method)}\nCSeq: ${cseq} ${method}`, sent);

/** CANCEL of the INVITE, so many steps after it: the same branch. */
export const cancel = (steps: number): Step =>
  `<send retrans="500"><![CDATA[
CANCEL sip:[service]@gateway.test SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-${steps}]
From: <sip:bob@phones.example>;tag=[pid]S[call_number]
To: <sip:[service]@gateway.test>
Call-ID: [call_id]
CSeq: 1 CANCEL
Max-Forwards: 70
Content-Length: 0

]]></send>`;

/** ACK, which is never repeated. @param isRefusal for the ACK of a failure, in the INVITE's own transaction */
export const ack = (cseq: number, sent: Sent & { isRefusal?: boolean; branchOf?: number } = {}): Step =>
  (sent.isRefusal
    ? `<send><![CDATA[
ACK sip:[service]@gateway.test SIP/2.0
[last_Via:]
From: <sip:bob@phones.example>;tag=[pid]S[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: ${cseq} ACK
Max-Forwards: 70
Content-Length: 0

]]></send>`
    : asks('ACK', cseq, sent)
  ).replace('<send retrans="500">', '<send>');

/** An answer to the request that came last. */
export const replies = (status: string, sent: Sent & { contact?: string } = {}): Step =>
  message(
    `SIP/2.0 ${status}
[last_Via:]
[last_Record-Route:]
[last_From:]
[last_To:];tag=[pid]S[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: ${sent.contact ?? '<sip:bob@[local_ip]:[local_port];transport=[transport]>'}`,
    sent,
  ).replace('<send retrans="500">', /^2/.test(status) ? '<send retrans="500">' : '<send>');

/** The same within the dialog: To has its tag already. */
export const repliesInDialog = (status: string, sent: Sent = {}): Step =>
  replies(status, sent).replace('[last_To:];tag=[pid]S[call_number]', '[last_To:]').replace(' retrans="500"', '');

/** An answer to a request outside calls, which nobody acknowledges: it is said once. */
export const answers = (status: string, sent: Sent = {}): Step => replies(status, sent).replace(' retrans="500"', '');

/** Waits for a response, or for a request by its method. */
export const gets = (what: number | string, has: Has = [], attributes = ''): Step => {
  const kind = typeof what === 'number' ? `response="${what}"` : `request="${what}"`;
  return `<recv ${kind} ${attributes} rrs="true" timeout="5000">${checks(has)}</recv>`;
};

/** The same, which may be left out. */
export const mayGet = (what: number): Step => `<recv response="${what}" optional="true"></recv>`;

export const waits = (ms: number): Step => `<pause milliseconds="${ms}"/>`;

const checks = (has: Has): string => {
  if (has.length === 0) return '';
  const each = has.map(
    (pattern) => `<ereg regexp="${escaped(pattern)}" search_in="msg" check_it="true" assign_to="seen"/>`,
  );
  return `<action>${each.join('')}</action>`;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const scenario = (steps: readonly Step[]): string => {
  const reference = steps.some((step) => step.includes('assign_to="seen"')) ? '<Reference variables="seen"/>' : '';
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="flow">
${steps.join('\n')}
${reference}
</scenario>
`;
};

/** A SIPp that plays these steps once. */
export class SippFlow {
  readonly port: number;
  readonly #sipp: Sipp;
  readonly #folder: string;

  private constructor(port: number, sipp: Sipp, folder: string) {
    this.port = port;
    this.#sipp = sipp;
    this.#folder = folder;
  }

  /** @param gateway `host:port` to call, or nothing for one that waits to be called */
  static async start(steps: readonly Step[], gateway?: string): Promise<SippFlow> {
    const folder = await mkdtemp(join(tmpdir(), 'sylk-flow-'));
    const file = join(folder, 'flow.xml');
    await writeFile(file, scenario(steps));
    const port = await freePort();
    const to = gateway === undefined ? [] : [gateway, '-s', 'alice'];
    const sipp = await Sipp.start([
      '-sf',
      file,
      ...to,
      '-p',
      String(port),
      '-m',
      '1',
      '-nd',
      '-default_behaviors',
      'none',
    ]);
    return new SippFlow(port, sipp, folder);
  }

  get uri(): string {
    return `bob@127.0.0.1:${this.port}`;
  }

  /** Waits until all steps are done. @throws Error with SIPp's log when one was not as it should be */
  async succeeds(timeoutMs = 10_000): Promise<void> {
    await this.#sipp.succeeds(timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#sipp.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
