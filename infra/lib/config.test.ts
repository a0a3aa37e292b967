import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from './config.ts';
import { example } from './fixtures.ts';
import { SettingsError } from './settings-text.ts';

const faultsOf = (changes: Readonly<Record<string, unknown>>): readonly string[] => {
  try {
    readSettings({ ...example('small'), ...changes });
    return [];
  } catch (error) {
    assert(error instanceof SettingsError);
    return error.faults;
  }
};

test('both examples are good settings', () => {
  assert.equal(readSettings(example('small')).edges.max, 1);
  const { name, hostedZone, edges } = readSettings(example('large'));
  assert.equal(name, 'SylkProduction');
  assert.deepEqual(hostedZone, { id: 'Z0123456789ABCDEFGHIJ', name: 'example.org' });
  assert.deepEqual(edges.mediaPorts, { first: 30_000, last: 49_999 });
});

test('values of the command line, which are text, mean the same', () => {
  const settings = readSettings({
    ...example('small'),
    edgesMax: '3',
    webOrigins: 'https://a.example, https://b.example',
    apiLogRole: 'false',
    logDays: '90',
  });
  assert.equal(settings.edges.max, 3);
  assert.deepEqual(settings.webOrigins, ['https://a.example', 'https://b.example']);
  assert.equal(settings.hasApiLogRole, false);
  assert.equal(settings.logDays, 90);
});

test("nobody's accounts elsewhere are taken, or those of the providers that are named", () => {
  assert.equal(readSettings(example('small')).foreignAccounts, 'none');
  const foreignAccounts = 'example.com, provider.example=sip:proxy.provider.example;transport=tls';
  assert.equal(
    readSettings({ ...example('small'), foreignAccounts }).foreignAccounts,
    'example.com,provider.example=sip:proxy.provider.example;transport=tls',
  );
  assert.equal(readSettings({ ...example('small'), foreignAccounts: ['*'] }).foreignAccounts, '*');
});

test('all that is missing is told at once', () => {
  assert.deepEqual(faultsOf({ domain: undefined, webHost: undefined, certificateArn: undefined }), [
    'domain is missing, expected a host name such as example.org',
    'webHost is missing, expected a host name such as phone.example.org',
    'certificateArn is missing, expected the ARN of an ACM certificate of us-east-1 for webHost (CloudFront takes no other)',
  ]);
});

test('a certificate of another Region is refused, because CloudFront does not take it', () => {
  const certificateArn = 'arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-4000-8000-000000000000';
  assert.deepEqual(faultsOf({ certificateArn }), [
    `certificateArn is "${certificateArn}", expected the ARN of an ACM certificate of us-east-1 for webHost (CloudFront takes no other)`,
  ]);
});

const wrong: readonly (readonly [string, unknown, RegExp])[] = [
  ['domian', 'example.org', /^domian is no setting; there are name, domain, /],
  ['name', 'my-gateway', /^name is "my-gateway", expected a capital/],
  ['domain', 'https://example.org', /^domain is .*, expected a host name/],
  ['domain', '192.0.2.1', /^domain is .*, expected a host name/],
  ['edgesMin', -1, /^edgesMin is -1, expected a whole number/],
  ['edgeInstance', 'c7i.large', /^edgeInstance is "c7i.large", expected a type of arm64 instance/],
  ['mediaPorts', '50000-40000', /^mediaPorts is .*, expected a range/],
  ['mediaPorts', '443-50000', /^mediaPorts is .*, expected a range/],
  ['webOrigins', ['www.example.org'], /^webOrigins is .*, expected a list of origins/],
  ['foreignAccounts', 'provider', /^foreignAccounts is "provider", expected '\*', 'none', or domains/],
  ['foreignAccounts', 'none,example.com', /^foreignAccounts is .*, expected '\*', 'none', or domains/],
  ['foreignAccounts', 'example.com=proxy.example.com', /^foreignAccounts is .*, expected '\*', 'none', or domains/],
  ['peerNetworks', '10.0.0.0/33', /^peerNetworks is .*, expected a list of networks/],
  ['logDays', 42, /^logDays is 42, expected one of 1, 3, 5/],
  ['alarmEmail', 'operator', /^alarmEmail is "operator", expected an e-mail address/],
  ['throttleRate', '1e3', /^throttleRate is "1e3", expected requests per second/],
];
for (const [name, value, expected] of wrong) {
  test(`${name} ${JSON.stringify(value)} is refused by its name and the allowed form`, () => {
    const faults = faultsOf({ [name]: value });
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', expected);
  });
}

const contradictions: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
  [{ edgesMin: 3, edgesMax: 2 }, /^edgesMin is 3, expected at most edgesMax, which is 2/],
  [{ edgesMin: 0 }, /^edgesMin is 0, expected at least 1/],
  [{ edgeImage: undefined }, /^edgeImage is missing/],
  [{ sipPort: 40_005 }, /^sipPort is 40005, expected a port outside mediaPorts/],
  [{ mediaPorts: '40000-40099' }, /^callsPerEdge is 40, expected at most 25/],
  [{ trunksSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:trunks' }, /^trunksSecretArn is .*six/],
  [
    {
      trunksSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:trunks-a1B2c3',
      edgesMin: 0,
      edgesMax: 0,
      edgeImage: undefined,
    },
    /^trunksSecretArn is given, expected none: edgesMax is 0/,
  ],
  [{ hostedZoneId: 'Z0123456789' }, /^hostedZoneName is missing/],
  [{ hostedZoneName: 'example.org' }, /^hostedZoneId is missing/],
  [
    { hostedZoneId: 'Z0123456789', hostedZoneName: 'phone.example.org' },
    /^domain is 'example.org', expected a name in hostedZoneName/,
  ],
  [{ webOrigins: ['*', 'https://www.example.org'] }, /^webOrigins has '\*' and others/],
  [{ throttleRate: 1, throttleBurst: 50 }, /^throttleBurst is 50, expected at most 10 times/],
];
for (const [changes, expected] of contradictions) {
  test(`${JSON.stringify(changes)} contradicts the rest and is refused`, () => {
    const faults = faultsOf(changes);
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', expected);
  });
}

test('without edges here no image is needed', () => {
  assert.deepEqual(faultsOf({ edgeImage: undefined, edgesMin: 0, edgesMax: 0 }), []);
});
