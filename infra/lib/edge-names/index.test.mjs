import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { beforeEach, test } from 'node:test';

/**
 * Stands in for the clients of Lambda's runtime, which are not installed here: each answers what the test put there.
 * @typedef {{ ResourceRecordSet: { ResourceRecords: readonly object[] } }} Change
 * @typedef {{ InstanceIds?: readonly string[], HostedZoneId?: string, ChangeBatch?: { Changes: readonly Change[] } }} Input
 * @typedef {{ name: string, input: Input }} Asked
 */
/** @type {{ asked: Asked[], answers: Record<string, unknown> }} */
const aws = { asked: [], answers: {} };
Object.assign(globalThis, { aws });
Object.assign(process.env, { GROUP: 'edges', ZONE: 'Z1', DOMAIN: 'example.org', SIP_PORT: '5060' });

/** @type {Record<string, readonly [client: string, command: string]>} */
const clients = {
  '@aws-sdk/client-auto-scaling': ['AutoScalingClient', 'DescribeAutoScalingGroupsCommand'],
  '@aws-sdk/client-ec2': ['EC2Client', 'DescribeInstancesCommand'],
  '@aws-sdk/client-route-53': ['Route53Client', 'ChangeResourceRecordSetsCommand'],
};
registerHooks({
  resolve(specifier, context, next) {
    const [client, command] = clients[specifier] ?? [];
    if (!client) return next(specifier, context);
    const code = `
      export class ${command} { name = '${command}'; constructor(input) { this.input = input; } }
      export class ${client} { async send(command) { aws.asked.push(command); return aws.answers[command.name] ?? {}; } }`;
    return { url: `data:text/javascript,${encodeURIComponent(code)}`, shortCircuit: true };
  },
});
const { handler } = await import('./index.mjs');

beforeEach(() => {
  aws.asked = [];
});

/** @param {readonly (readonly [id: string, state: string])[]} instances */
const group = (instances) => ({
  AutoScalingGroups: [{ Instances: instances.map(([InstanceId, LifecycleState]) => ({ InstanceId, LifecycleState })) }],
});

const recordsNow = () => {
  const change = aws.asked.find(({ name }) => name === 'ChangeResourceRecordSetsCommand')?.input;
  assert.equal(change?.HostedZoneId, 'Z1');
  return change?.ChangeBatch?.Changes[0]?.ResourceRecordSet.ResourceRecords;
};

test('instances in service are named, those that drain are not', async () => {
  aws.answers = {
    DescribeAutoScalingGroupsCommand: group([
      ['i-1', 'InService'],
      ['i-2', 'Terminating:Wait'],
    ]),
    DescribeInstancesCommand: { Reservations: [{ Instances: [{ PublicDnsName: 'ec2-1.example.net' }] }] },
  };
  await handler();
  const asked = aws.asked.find(({ name }) => name === 'DescribeInstancesCommand');
  assert.deepEqual(asked?.input, { InstanceIds: ['i-1'] });
  assert.deepEqual(recordsNow(), [{ Value: '10 10 5060 ec2-1.example.net.' }]);
});

test('without an instance nobody else is asked about, and the records say that there is none', async () => {
  aws.answers = { DescribeAutoScalingGroupsCommand: group([]) };
  await handler();
  assert(!aws.asked.some(({ name }) => name === 'DescribeInstancesCommand'));
  assert.deepEqual(recordsNow(), [{ Value: '0 0 0 .' }]);
});

test('an instance without a public name is left out', async () => {
  aws.answers = {
    DescribeAutoScalingGroupsCommand: group([['i-1', 'InService']]),
    DescribeInstancesCommand: { Reservations: [{ Instances: [{ PublicDnsName: '' }] }] },
  };
  await handler();
  assert.deepEqual(recordsNow(), [{ Value: '0 0 0 .' }]);
});
