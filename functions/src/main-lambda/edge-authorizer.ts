import { DynamoDbNonces } from '../adapters/aws/dynamodb-nonces.ts';
import { openTable } from '../adapters/aws/open-table.ts';
import { SecretValue } from '../adapters/aws/secret-value.ts';
import { edgeAuthorizer } from '../adapters/lambda/edge-authorizer.ts';
import { hmacWith } from '../adapters/local/node-crypto.ts';
import { systemClock } from '../adapters/local/system-clock.ts';
import { Environment } from './environment.ts';
import { logOf } from './log.ts';

const environment = new Environment(process.env);
const secret = new SecretValue(environment.edgeSecret, systemClock);

export const handler = edgeAuthorizer({
  nonces: new DynamoDbNonces(openTable({ table: environment.table })),
  clock: systemClock,
  log: logOf(environment),
  hmac: async () => hmacWith(await secret.value()),
  freshHmac: async () => hmacWith(await secret.freshValue()),
});
