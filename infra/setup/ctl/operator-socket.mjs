import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { SetupFailure } from '../failure.mjs';

/**
 * @typedef {{ method: string, path: string }} Request
 * @typedef {Record<string, unknown>} Row
 * @typedef {{ addresses?: Row[], calls?: Row[], edges?: Row[], next?: string | null, error?: string }} Answer
 */

/**
 * Asks the gateway on its operator's socket.
 *
 * @param {string} socket path; whoever may open it is the operator
 * @param {Request} request
 * @returns {Promise<Answer>} empty where the gateway has nothing to say
 * @throws {SetupFailure} with the gateway's reason, or if none runs
 */
export async function ask(socket, { method, path }) {
  const response = await send(socket, method, path);
  const body = await text(response);
  const answer = body === '' ? undefined : JSON.parse(body);
  if ((response.statusCode ?? 0) < 300) return answer;
  throw new SetupFailure(
    answer?.error ?? `the gateway answered ${response.statusCode}`,
    'the lists show what there is',
  );
}

/**
 * @param {string} socket
 * @param {string} method
 * @param {string} path
 * @returns {Promise<import('node:http').IncomingMessage>}
 */
function send(socket, method, path) {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ socketPath: socket, method, path }, resolve);
    request.once('error', (error) => {
      const why = 'code' in error ? error.code : error.message;
      const advice =
        why === 'EACCES'
          ? 'run this as the user who runs the gateway'
          : 'start it with npm start; if it has a data folder of its own, say which: SYLK_DATA_DIR=... npm run ctl -- ...';
      reject(new SetupFailure(`no gateway can be reached at ${socket} (${why})`, advice, { cause: error }));
    });
    request.end();
  });
}
