import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FunctionName, functionNames } from './bundle-functions.ts';
import { example, exampleTemplates, type Right, rightsIn } from './fixtures.ts';

const { signaling, edge } = exampleTemplates('large');
assert(edge);
const rights = rightsIn(signaling);
const edgeRights = rightsIn(edge);

const rightsOf = (name: FunctionName): readonly Right[] =>
  rights.filter(({ role }) => role.startsWith(`${name.replaceAll('-', '')}Role`));
const kinds = (of: readonly Right[]): readonly string[] => [...new Set(of.map(({ action }) => action))].sort();
const whoMay = (fits: (right: Right) => boolean): readonly FunctionName[] =>
  functionNames.filter((name) => rightsOf(name).some(fits));

test('no action is a wildcard, but for one of the agent of ECS that the CDK gives', () => {
  const wild = [...rights, ...edgeRights].filter(({ action }) => action.includes('*'));
  assert.deepEqual(kinds(wild), ['ecs:Submit*']);
});

test('no function may do anything with all resources', () => {
  assert.deepEqual(
    rights.filter(({ resource }) => resource === '*'),
    [],
  );
});

test('who has nothing to do with data cannot touch the table', () => {
  assert.deepEqual(kinds(rightsOf('watch-edges')), ['logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:SendMessage']);
  assert.deepEqual(
    kinds(rightsOf('edge-authorizer')).filter((action) => action.startsWith('dynamodb:')),
    ['dynamodb:GetItem', 'dynamodb:PutItem'],
  );
});

test('whoever takes connections in deletes nothing, and whoever sees them go makes nothing', () => {
  const ofTable = (name: FunctionName) => kinds(rightsOf(name)).filter((action) => action.startsWith('dynamodb:'));
  const [read, query] = ['dynamodb:GetItem', 'dynamodb:Query'];
  assert.deepEqual(ofTable('connect'), [read, 'dynamodb:PutItem', query, 'dynamodb:UpdateItem']);
  assert.deepEqual(ofTable('disconnect'), ['dynamodb:DeleteItem', read, query, 'dynamodb:UpdateItem']);
});

test('nobody scans the table, and its indexes are read by those who look after edges, and by those after connections', () => {
  assert.deepEqual(
    whoMay(({ action }) => /dynamodb:(Scan|BatchWrite|Transact|CreateTable|DeleteTable|UpdateTable)/.test(action)),
    [],
  );
  const readersOf = (index: string) => whoMay(({ resource }) => resource.endsWith(index));
  assert.deepEqual(readersOf('/index/byEdge'), ['follow-up', 'edge-link']);
  assert.deepEqual(readersOf('/index/byAccount'), ['disconnect', 'message', 'follow-up', 'edge-link']);
  assert(
    rights
      .filter(({ resource }) => resource.includes('/index/'))
      .every(({ resource }) => /\/index\/by(Edge|Account)$/.test(resource)),
  );
});

test('posts go to one API and one stage, and only those who find browsers gone close connections', () => {
  const posts = [...rights, ...edgeRights].filter(({ action }) => action.startsWith('execute-api:'));
  for (const { action, resource } of posts) {
    assert.equal(action, 'execute-api:ManageConnections');
    assert.match(resource, /(BrowserApi|EdgeApi)[A-Za-z0-9]+\/v1\/(POST|DELETE)\/@connections\/\*$/);
  }
  assert.deepEqual(
    whoMay(({ resource }) => resource.includes('/DELETE/')),
    ['message', 'follow-up', 'edge-link'],
  );
  assert(posts.every(({ resource }) => !/EdgeApi.*DELETE/.test(resource)));
  assert.deepEqual(
    whoMay(({ resource }) => resource.includes('BrowserApi')),
    ['message', 'follow-up', 'http', 'edge-link'],
  );
  assert.deepEqual(
    whoMay(({ resource }) => resource.includes('EdgeApi')),
    ['disconnect', 'message', 'follow-up', 'http', 'edge-link'],
  );
});

test('the secret of the link is read by the authoriser alone, that of CloudFront by those whom browsers reach', () => {
  assert.deepEqual(
    whoMay(({ resource }) => resource.includes('LinkSecret')),
    ['edge-authorizer'],
  );
  assert.deepEqual(
    whoMay(({ resource }) => resource.includes('FrontSecret')),
    ['connect', 'http'],
  );
});

test('the secret of accounts elsewhere is read by those who seal and open their passwords, and by no edge', () => {
  const isOfAccounts = ({ resource }: { readonly resource: string }) => resource.includes('AccountSecret');
  assert.deepEqual(whoMay(isOfAccounts), ['message', 'follow-up', 'edge-link']);
  assert.equal(edgeRights.some(isOfAccounts), false);
});

test('an edge can post to browsers, and nothing else: no table, no queue, no other edge', () => {
  const own = edgeRights.filter(({ role }) => role.startsWith('EdgesTaskTaskRole'));
  assert.deepEqual(kinds(own), ['execute-api:ManageConnections']);
  assert.match(own[0]?.resource ?? '', /BrowserApi[A-Za-z0-9]+\/v1\/POST\/@connections\/\*$/);
  assert.equal(own.length, 1);
});

test('what keeps the records of edges may change those two records only', () => {
  const changes = Object.values(edge.findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .find(({ Action }) => Action === 'route53:ChangeResourceRecordSets');
  assert.deepEqual(changes?.Condition, {
    'ForAllValues:StringEquals': {
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['_sip._udp.example.org', '_sip._tcp.example.org'],
      'route53:ChangeResourceRecordSetsRecordTypes': ['SRV'],
      'route53:ChangeResourceRecordSetsActions': ['UPSERT'],
    },
  });
});

test('the secrets of an edge are read by who starts it, which is not the edge', () => {
  const readers = edgeRights.filter(({ action }) => action === 'secretsmanager:GetSecretValue');
  for (const { role } of readers) assert.match(role, /^EdgesTaskExecutionRole/);
  assert.equal(readers.length, 2);
  assert(readers.some(({ resource }) => resource === example('large').trunksSecretArn));
  assert(readers.some(({ resource }) => resource.includes('LinkSecret')));
});
