import type { EdgeId } from '@sylk/protocol/ids.ts';
import { type Hmac, verifyLinkToken } from '@sylk/protocol/link-token.ts';
import { ProtocolError } from '@sylk/protocol/protocol-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Nonces } from '../../ports/nonces.ts';
import type { AuthorizerEvent } from './events.ts';

export interface AuthorizerOptions {
  readonly nonces: Nonces;
  readonly clock: Clock;
  readonly log: Log;
  /** Under the link's secret as it is remembered, and after a look whether it was changed. */
  hmac(): Promise<Hmac>;
  freshHmac(): Promise<Hmac>;
}

/** API Gateway answers 401 to this error, by its text, and 500 to any other. */
class Unauthorized extends Error {
  constructor() {
    super('Unauthorized');
    this.name = 'Unauthorized';
  }
}

/**
 * Lets an edge open a link: its token must be genuine, young, and never used before.
 *
 * @returns the policy that allows it, with `edge` in the context of all later events of the link
 */
export const edgeAuthorizer =
  (options: AuthorizerOptions) =>
  async ({ methodArn, queryStringParameters }: AuthorizerEvent) => {
    const edge = await edgeOf(options, queryStringParameters?.token ?? '');
    if (edge === undefined) throw new Unauthorized();
    const statement = { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn };
    return {
      principalId: edge,
      policyDocument: { Version: '2012-10-17', Statement: [statement] },
      context: { edge },
    };
  };

const edgeOf = async (options: AuthorizerOptions, token: string): Promise<EdgeId | undefined> => {
  const { nonces, clock, log } = options;
  try {
    const { edge, nonce, exp } = await verified(options, token, clock.now());
    if (!(await nonces.use('edge link', nonce, exp))) throw new ProtocolError('link token was used before');
    return edge;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    log.warn({ error: error.message }, 'a link was refused');
    return undefined;
  }
};

/** The secret may have been changed since it was read. */
const verified = async (options: AuthorizerOptions, token: string, now: number) => {
  const hmac = await options.hmac();
  try {
    return verifyLinkToken(token, now, hmac);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return verifyLinkToken(token, now, await options.freshHmac());
  }
};
