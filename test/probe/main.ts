/** `npm run probe -- URL`: tries a gateway from outside and prints each step. Ends with 1 when one fails. */
import { probe } from './probe.ts';

const [, , url = ''] = process.argv;
if (!/^https?:\/\/[^/]+\/?$/.test(url)) {
  process.stderr.write(`'${url}' is no URL of a gateway, expected one such as https://phone.example.org\n`);
  process.exit(2);
}
try {
  for (const { what, ms } of await probe(url.replace(/\/$/, ''))) process.stdout.write(`ok  ${what} (${ms} ms)\n`);
} catch (error) {
  process.stdout.write(`not ok  ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
process.exit();
