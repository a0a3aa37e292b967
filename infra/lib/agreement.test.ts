import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableDefinition } from '../../functions/src/adapters/aws/table.ts';
import { Environment } from '../../functions/src/main-lambda/environment.ts';
import { functionNames } from './bundle-functions.ts';
import { exampleTemplates } from './fixtures.ts';
import { functionNeeds } from './function-needs.ts';

/** What the stacks say and what the code believes, side by side. */
const { state, signaling } = exampleTemplates('large');

test('the table of the stacks is the one that the store is tested with', () => {
  const { BillingMode, KeySchema, GlobalSecondaryIndexes } = tableDefinition('table');
  state.hasResourceProperties('AWS::DynamoDB::Table', { BillingMode, KeySchema, GlobalSecondaryIndexes });
});

/** What a function is told, with something of the right form for what is only known when it is deployed. */
const environmentOf = (name: string): Environment => {
  const found = Object.entries(signaling.findResources('AWS::Lambda::Function')).find(([id]) =>
    id.startsWith(`${name.replaceAll('-', '')}Function`),
  );
  const variables: readonly (readonly [string, unknown])[] = Object.entries(
    found?.[1].Properties.Environment.Variables ?? {},
  );
  const deployed: Readonly<Record<string, string>> = {
    SYLK_TABLE: 'table',
    SYLK_BROWSER_API: 'https://api.example/v1',
    SYLK_EDGE_API: 'https://api.example/v1',
    SYLK_FOLLOW_UP_QUEUE: 'https://queue.example/jobs',
  };
  return new Environment(
    Object.fromEntries(
      variables.map(([key, value]) => [key, typeof value === 'string' ? value : (deployed[key] ?? 'arn')]),
    ),
  );
};

for (const name of functionNames) {
  test(`${name} is told all that it reads`, () => {
    const environment = environmentOf(name);
    const { table, serves, queuesFollowUps, secrets = [] } = functionNeeds[name];
    assert.equal(environment.logLevel, 'info');
    if (table) assert.equal(environment.table, 'table');
    if (queuesFollowUps) assert.match(environment.followUpQueue, /^https:/);
    if (secrets.includes('link')) assert.equal(environment.edgeSecret, 'arn');
    if (secrets.includes('front')) assert.equal(environment.frontSecret, 'arn');
    if (secrets.includes('accounts')) assert.equal(environment.accountSecret, 'arn');
    if (!serves) return;
    assert.deepEqual(environment.providers, [
      { domain: 'example.com' },
      { domain: 'provider.example', proxy: 'sip:proxy.provider.example;transport=tls' },
    ]);
    assert.equal(environment.domain.name, 'example.org');
    assert.deepEqual(environment.domain.aliases, ['calls.example.org']);
    assert.equal(environment.webOrigins[0], 'https://phone.example.org');
    assert.deepEqual(environment.limits, { callsPerMinute: 30, addressesPerHour: 10 });
    assert.equal(environment.connectionsPerAddress, 500);
    assert.equal(environment.browserApi, environment.edgeApi);
  });
}
