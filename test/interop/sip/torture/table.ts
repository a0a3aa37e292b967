import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TortureMessage } from './verdicts.ts';

const file = join(import.meta.dirname, '../../../../docs/sip-torture.md');

const intro = `# Messages that are hard to read

What becomes of each message of RFC 4475 and RFC 5118 on the SIP port, over UDP and over TCP. The table is written by
\`test/interop/sip/torture.test.ts\` from what it tests; \`WRITE_TABLES=1\` lets it write it anew. Every message is taken for
one of our own domain, and whoever is called is busy: 486 means that it got through as a call. Registrations, and calls in
the name of one of our accounts, are asked for a password: 401 and 407 mean that they got so far.
`;

/** @param collections the messages of each RFC */
export function tortureTable(collections: readonly (readonly [string, readonly TortureMessage[]])[]) {
  const text = [intro, ...collections.map(([rfc, messages]) => sectionOf(rfc, messages))].join('\n');
  return {
    /** Fails where the documentation says something else. */
    mustBeWritten(): void {
      if (process.env.WRITE_TABLES === '1') writeFileSync(file, text);
      assert.equal(readFileSync(file, 'utf8'), text, 'docs/sip-torture.md is old: run this test with WRITE_TABLES=1');
    },
  };
}

function sectionOf(rfc: string, messages: readonly TortureMessage[]): string {
  const rows = messages.map(
    ({ name, section, about, udp, tcp = udp, because = '' }) =>
      `| ${section} | ${name} | ${about} | ${udp} | ${tcp} | ${because} |`,
  );
  const head = ['| section | message | what is special | UDP | TCP | why |', '|---|---|---|---|---|---|'];
  return [`## ${rfc}`, '', ...head, ...rows, ''].join('\n');
}
