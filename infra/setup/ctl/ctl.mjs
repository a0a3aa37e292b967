import { join } from 'node:path';
import { SetupFailure } from '../failure.mjs';
import { checkout } from '../places.mjs';
import { ask } from './operator-socket.mjs';
import { table } from './table.mjs';

/**
 * @typedef {import('./operator-socket.mjs').Request} Request
 * @typedef {import('./operator-socket.mjs').Row} Row
 * @typedef {'addresses' | 'calls' | 'edges'} List
 * @typedef {object} Verb what the operator can say
 * @property {string} [subject] what it is done to
 * @property {(subject: string) => Request} request
 * @property {List} [list] field of the answer that holds the rows to show
 * @property {string} meaning
 */

const post = (/** @type {string} */ path) => ({ method: 'POST', path });
const get = (/** @type {string} */ path) => ({ method: 'GET', path });

/** @type {Readonly<Record<string, Verb>>} */
const verbs = {
  addresses: { request: () => get('/addresses'), list: 'addresses', meaning: 'who has an address here' },
  calls: { request: () => get('/calls'), list: 'calls', meaning: 'what is going on' },
  edges: { request: () => get('/edges'), list: 'edges', meaning: 'which media edges there are' },
  end: { subject: 'CALL', request: (call) => post(`/calls/${call}/end`), meaning: 'ends a call' },
  revoke: {
    subject: 'ADDRESS',
    request: (address) => post(`/addresses/${address}/revoke`),
    meaning: 'takes an address away for good',
  },
  block: { subject: 'ADDRESS', request: (address) => post(`/addresses/${address}/block`), meaning: 'bars an address' },
  unblock: { subject: 'ADDRESS', request: (address) => post(`/addresses/${address}/unblock`), meaning: 'undoes block' },
  allow: {
    subject: 'ADDRESS',
    request: (address) => post(`/addresses/${address}/allow`),
    meaning: 'lets an address dial numbers over trunks',
  },
  disallow: {
    subject: 'ADDRESS',
    request: (address) => post(`/addresses/${address}/disallow`),
    meaning: 'undoes allow',
  },
  drain: {
    subject: 'EDGE',
    request: (edge) => post(`/edges/${edge}/drain`),
    meaning: 'lets an edge take no new calls',
  },
};

/**
 * `npm run ctl -- VERB [SUBJECT] [--json]`: asks the gateway that runs on this machine with the same data folder.
 *
 * @param {readonly string[]} args
 */
export async function ctl(args) {
  const isJson = args.includes('--json');
  const [name = '', subject = '', ...more] = args.filter((arg) => arg !== '--json');
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!verb || Boolean(verb.subject) !== (subject !== '') || more.length > 0) throw unclear(args);
  const socket = join(process.env.SYLK_DATA_DIR || join(checkout, 'data'), 'ctl.sock');
  const request = verb.request(encodeURIComponent(subject));
  if (!verb.list) {
    await ask(socket, request);
    process.stdout.write('done\n');
    return;
  }
  const rows = await rowsOf(socket, request, verb.list);
  process.stdout.write(isJson ? `${JSON.stringify(rows, null, 2)}\n` : table(rows, `no ${verb.list}`));
}

/**
 * All rows of a list, which the gateway gives page by page.
 *
 * @param {string} socket
 * @param {Request} request
 * @param {List} field
 * @returns {Promise<Row[]>}
 */
async function rowsOf(socket, request, field) {
  /** @type {Row[]} */
  const rows = [];
  let path = request.path;
  while (path !== '') {
    const page = await ask(socket, { ...request, path });
    rows.push(...(page[field] ?? []));
    path = page.next ? `${request.path}?after=${encodeURIComponent(page.next)}` : '';
  }
  return rows;
}

/** @param {readonly string[]} args */
function unclear(args) {
  const lines = Object.entries(verbs).map(
    ([name, { subject = '', meaning }]) => `  ${`${name} ${subject}`.padEnd(18)} ${meaning}`,
  );
  const said = args.length > 0 ? `cannot do '${args.join(' ')}'` : 'nothing was asked for';
  return new SetupFailure(
    said,
    `say one of these after 'npm run ctl --'; --json shows a list as JSON:\n${lines.join('\n')}`,
  );
}
