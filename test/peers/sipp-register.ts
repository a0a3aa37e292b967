import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { Sipp } from './sipp.ts';

export interface Registering {
  /** The gateway's port. */
  readonly to: number;
  readonly user: string;
  readonly password: string;
  /** Contact, Expires, Path and the like. */
  readonly headers: readonly string[];
  /** What the request with credentials is answered. */
  readonly status: number;
  /** What that answer has to have, as regular expressions of POSIX. */
  readonly has?: readonly string[];
  readonly callId?: string;
  /** CSeq of the first of the two requests. */
  readonly cseq?: number;
  /** Answered already without credentials: there is no second request. */
  readonly isRefusedAtOnce?: boolean;
  readonly transport?: 'u1' | 't1';
  /** Via of a proxy between. */
  readonly vias?: readonly string[];
}

const request = (
  { user, headers, vias = [] }: Registering,
  cseq: number,
  more = '',
): string => `<send retrans="500"><![CDATA[
REGISTER sip:sylk.test SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
${vias.map((via) => `Via: ${via}\n`).join('')}From: <sip:${user}@sylk.test>;tag=[pid]r[call_number]
To: <sip:${user}@sylk.test>
Call-ID: [call_id]
CSeq: ${cseq} REGISTER
Max-Forwards: 70
${headers.join('\n')}
${more}Content-Length: 0

]]></send>`;

/** SIPp knows these four by name only. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const received = (status: number, isChallenge: boolean, has: readonly string[]): string => {
  const names = has.map((_, index) => `has${index}`);
  const checks = has.map(
    (pattern, index) => `<ereg regexp="${escaped(pattern)}" search_in="msg" check_it="true" assign_to="has${index}"/>`,
  );
  const action = has.length === 0 ? '' : `<action>${checks.join('')}</action>`;
  const used = names.length === 0 ? '' : `<Reference variables="${names.join(',')}"/>`;
  return `<recv response="${status}"${isChallenge ? ' auth="true"' : ''}>${action}</recv>${used}`;
};

/** A SIPp that registers once, with its own digest. @throws Error with its log when the answer is another one */
export async function sippRegisters(registering: Registering): Promise<void> {
  const { status, has = [], cseq = 1, user, password, isRefusedAtOnce = false, callId } = registering;
  const steps = isRefusedAtOnce
    ? [request(registering, cseq), received(status, false, has)]
    : [
        request(registering, cseq),
        received(401, true, []),
        request(registering, cseq + 1, `[authentication username=${user} password=${password}]\n`),
        received(status, false, has),
      ];
  const folder = await mkdtemp(join(tmpdir(), 'sylk-register-'));
  const file = join(folder, 'register.xml');
  await writeFile(
    file,
    `<?xml version="1.0" encoding="ISO-8859-1" ?><scenario name="register">${steps.join('')}</scenario>`,
  );
  const transport = registering.transport ?? 'u1';
  const sipp = await Sipp.start([
    ...[`127.0.0.1:${registering.to}`, '-sf', file, '-m', '1', '-t', transport, '-p', String(await freePort())],
    ...(callId === undefined ? [] : ['-cid_str', callId]),
  ]);
  try {
    await sipp.succeeds(8_000);
  } finally {
    await sipp.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
