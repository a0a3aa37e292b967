import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { Sipp } from './sipp.ts';

/** One REGISTER that comes, and what is answered. */
export interface RegistrarStep {
  /** Extended regular expressions by header name; the scenario fails where one does not match. */
  readonly has?: Readonly<Record<string, string>>;
  /** Headers that must not be there. */
  readonly lacks?: readonly string[];
  /** `423 Interval Too Brief` */
  readonly status: string;
  readonly headers?: readonly string[];
}

/** A SIPp that is a registrar: it expects these requests in this order, and answers as told. */
export class SippRegistrar {
  readonly uri: string;
  readonly #sipp: Sipp;
  readonly #folder: string;

  private constructor(uri: string, sipp: Sipp, folder: string) {
    this.uri = uri;
    this.#sipp = sipp;
    this.#folder = folder;
  }

  static async start(steps: readonly RegistrarStep[]): Promise<SippRegistrar> {
    const folder = await mkdtemp(join(tmpdir(), 'sylk-registrar-'));
    const file = join(folder, 'scenario.xml');
    const port = await freePort();
    await writeFile(file, scenario(steps));
    const messages = ['-trace_msg', '-message_file', join(folder, 'messages')];
    const sipp = await Sipp.start(['-sf', file, '-p', String(port), '-m', '1', '-nd', ...messages]);
    return new SippRegistrar(`sip:127.0.0.1:${port}`, sipp, folder);
  }

  /** Waits until all steps were gone through, as they should. */
  succeeds(timeoutMs = 8_000): Promise<void> {
    return this.#sipp.succeeds(timeoutMs);
  }

  /** The requests that came. */
  async requests(): Promise<readonly string[]> {
    const text = await readFile(join(this.#folder, 'messages'), 'utf8');
    const blocks = text.split(/^-{10,}.*$/m).filter((block) => block.includes('message received'));
    return blocks.map((block) => block.slice(block.indexOf('REGISTER')).trim());
  }

  async stop(): Promise<void> {
    await this.#sipp.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function scenario(steps: readonly RegistrarStep[]): string {
  const names = new Set<string>();
  const body = steps.map((step, index) => `${recv(step, index, names)}\n${send(step)}`);
  const reference = names.size === 0 ? '' : `<Reference variables="${[...names].join(',')}" />`;
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="registrar">\n${body.join('\n')}\n${reference}\n</scenario>\n`;
}

function recv({ has = {}, lacks = [] }: RegistrarStep, index: number, names: Set<string>): string {
  const check = (header: string, regexp: string, inverse: boolean) => {
    const name = `v${index}x${names.size}`;
    names.add(name);
    const kind = inverse ? 'check_it_inverse' : 'check_it';
    return `<ereg regexp="${inXml(regexp)}" search_in="hdr" header="${header}:" ${kind}="true" assign_to="${name}" />`;
  };
  const checks = [
    ...Object.entries(has).map(([header, regexp]) => check(header, regexp, false)),
    ...lacks.map((header) => check(header, '.+', true)),
  ];
  return `<recv request="REGISTER"><action>${checks.join('')}</action></recv>`;
}

const send = ({ status, headers = [] }: RegistrarStep): string =>
  [
    '<send><![CDATA[',
    `SIP/2.0 ${status}`,
    ...['[last_Via:]', '[last_From:]', '[last_To:];tag=[call_number]r', '[last_Call-ID:]', '[last_CSeq:]'],
    ...headers,
    'Content-Length: 0',
    '',
    ']]></send>',
  ].join('\n');

const inXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
