import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { recordChanges } from './records.mjs';

const groups = new AutoScalingClient({});
const instances = new EC2Client({});
const names = new Route53Client({});

/**
 * Makes the SRV records of the domain say which edges there are now. It looks at all of them each time, so that it
 * does not matter which event brought it, nor whether one was lost or came twice.
 */
export async function handler() {
  const hosts = await publicNames(await idsInService(setting('GROUP')));
  const changes = recordChanges({ domain: setting('DOMAIN'), sipPort: Number(setting('SIP_PORT')), hosts });
  await names.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: setting('ZONE'), ChangeBatch: { Changes: changes } }),
  );
  process.stdout.write(`${JSON.stringify({ level: 30, msg: 'the records name the edges', hosts })}\n`);
}

/**
 * Instances that are to end are not among them, though their edges still have calls.
 * @param {string} group
 */
async function idsInService(group) {
  const { AutoScalingGroups = [] } = await groups.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
  );
  return AutoScalingGroups.flatMap(({ Instances = [] }) => Instances)
    .filter(({ LifecycleState }) => LifecycleState === 'InService')
    .flatMap(({ InstanceId }) => InstanceId ?? []);
}

/** @param {readonly string[]} ids */
async function publicNames(ids) {
  // Asked for no instance in particular, EC2 answers with all.
  if (ids.length === 0) return [];
  const { Reservations = [] } = await instances.send(new DescribeInstancesCommand({ InstanceIds: [...ids] }));
  return Reservations.flatMap(({ Instances = [] }) => Instances).flatMap(({ PublicDnsName }) => PublicDnsName || []);
}

/** @param {string} name */
function setting(name) {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is missing in the environment`);
}
