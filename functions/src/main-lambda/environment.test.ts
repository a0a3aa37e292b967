import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Environment } from './environment.ts';

const whole = {
  SYLK_TABLE: 'sylk-table',
  SYLK_BROWSER_API: 'https://b.execute-api.eu-central-1.amazonaws.com/v1',
  SYLK_EDGE_API: 'https://e.execute-api.eu-central-1.amazonaws.com/v1',
  SYLK_FOLLOW_UP_QUEUE: 'https://sqs.eu-central-1.amazonaws.com/123456789012/jobs',
  SYLK_EDGE_SECRET: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:link',
  SYLK_DOMAIN: 'Example.org',
  SYLK_DOMAIN_ALIASES: 'sip.example.org, example.net',
  SYLK_WEB_ORIGINS: 'https://calls.example.org,https://*.example.net',
  SYLK_WEB_HOST: 'calls.example.org',
  SYLK_CALLS_PER_MINUTE: '7',
};

test('all that a function may need', () => {
  const environment = new Environment(whole);
  assert.deepEqual(environment.domain, { name: 'example.org', aliases: ['sip.example.org', 'example.net'] });
  assert.deepEqual(environment.webOrigins, ['https://calls.example.org', 'https://*.example.net']);
  assert.deepEqual(environment.limits, { callsPerMinute: 7, addressesPerHour: 20 });
  assert.equal(environment.webHost, 'calls.example.org');
  assert.equal(environment.frontSecret, undefined);
  assert.equal(environment.logLevel, 'info');
  assert.deepEqual(new Environment({ SYLK_DOMAIN: 'a.example', SYLK_DOMAIN_ALIASES: '' }).domain.aliases, []);
});

for (const [name, value, read, says] of [
  ['SYLK_TABLE', undefined, 'table', /^SYLK_TABLE is missing, expected the name of a table$/],
  ['SYLK_BROWSER_API', 'wss://b', 'browserApi', /^SYLK_BROWSER_API is 'wss:\/\/b', expected the https URL/],
  ['SYLK_EDGE_API', '', 'edgeApi', /^SYLK_EDGE_API is '', expected/],
  ['SYLK_FOLLOW_UP_QUEUE', 'jobs', 'followUpQueue', /expected the URL of a queue$/],
  ['SYLK_EDGE_SECRET', undefined, 'edgeSecret', /^SYLK_EDGE_SECRET is missing/],
  ['SYLK_DOMAIN', 'sip:x@y', 'domain', /expected a host name/],
  ['SYLK_DOMAIN_ALIASES', 'good.example,b@d', 'domain', /^SYLK_DOMAIN_ALIASES is 'b@d'/],
  ['SYLK_WEB_ORIGINS', 'calls.example.org', 'webOrigins', /expected '\*', or origins/],
  ['SYLK_WEB_HOST', 'https://calls.example.org', 'webHost', /expected a host name/],
  ['SYLK_CALLS_PER_MINUTE', '0', 'limits', /expected a whole number from 1/],
  ['SYLK_CONNECTIONS_PER_ADDRESS', 'many', 'connectionsPerAddress', /expected a whole number from 1/],
  ['SYLK_LOG_LEVEL', 'loud', 'logLevel', /expected silent, fatal/],
] as const) {
  test(`${name} as '${value}' is refused in words`, () => {
    const environment = new Environment({ ...whole, [name]: value });
    assert.throws(() => environment[read], { name: 'EnvironmentError', message: says });
  });
}
