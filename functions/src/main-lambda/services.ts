import { maxConnectionAgeMs } from '@sylk/protocol/limits.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { ConnectionsApi } from '../adapters/aws/connections-api.ts';
import { DynamoDbStore } from '../adapters/aws/dynamodb-store.ts';
import { EdgeSender } from '../adapters/aws/edge-sender.ts';
import { SecretValue } from '../adapters/aws/secret-value.ts';
import type { Front } from '../adapters/lambda/visitor.ts';
import { nodeCrypto } from '../adapters/local/node-crypto.ts';
import { nodeVault } from '../adapters/local/node-vault.ts';
import { systemClock } from '../adapters/local/system-clock.ts';
import type { Vault } from '../ports/vault.ts';
import { EdgeDirectory } from '../signaling/edge/directory.ts';
import type { Services } from '../signaling/services.ts';
import type { Environment } from './environment.ts';
import { logOf } from './log.ts';
import { loggedEvents } from './logged-events.ts';

/** Puts signaling and its adapters for AWS together. */
export const servicesOf = (environment: Environment): Services => {
  const store = new DynamoDbStore({ table: environment.table });
  const log = logOf(environment);
  // Renewals of leases reach the table by other runs than this one.
  const directory = new EdgeDirectory(store.edges, systemClock, 0);
  return {
    store,
    clock: systemClock,
    crypto: nodeCrypto,
    sender: new ConnectionsApi(environment.browserApi),
    edgeLink: new EdgeSender({
      edges: store.edges,
      results: store.commandResults,
      directory,
      connections: new ConnectionsApi(environment.edgeApi),
      clock: systemClock,
      log,
    }),
    directory,
    domain: environment.domain,
    log,
    observer: loggedEvents(log),
    vault: vaultOf(environment),
    settings: {
      version: packageJson.version,
      providers: environment.providers,
      webOrigin: `https://${environment.webHost}`,
      ...environment.limits,
      maxConnectionAgeMs,
      isOrdered: false,
    },
  };
};

/**
 * Read when the first account elsewhere is seen: not all functions may read the secret, and most runs need none.
 * Not the secret of the links, which is changed from time to time: what is sealed would be lost with it.
 */
const vaultOf = (environment: Environment): Vault => {
  let secret: SecretValue | undefined;
  return nodeVault(() => {
    secret ??= new SecretValue(environment.accountSecret, systemClock);
    return secret.value();
  });
};

/** What shows that a request came through our own CloudFront. */
export const frontOf = ({ frontSecret }: Environment): (() => Promise<Front | undefined>) => {
  if (frontSecret === undefined) return async () => undefined;
  const value = new SecretValue(frontSecret, systemClock);
  return async () => ({ secret: await value.value(), isEqual: nodeCrypto.isEqual });
};
