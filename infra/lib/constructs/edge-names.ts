import { fileURLToPath } from 'node:url';
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { type IRuleTarget, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

export interface EdgeNamesProps {
  readonly zone: { readonly id: string; readonly name: string };
  readonly domain: string;
  readonly sipPort: number;
  /** Whose instances carry the edges. */
  readonly group: AutoScalingGroup;
}

const source = fileURLToPath(new URL('../edge-names', import.meta.url));

/**
 * Keeps the SRV records of the domain in step with the edges. They point at the names that EC2 gives its instances,
 * so there are no addresses to be kept in step as well.
 */
export class EdgeNames extends Construct {
  constructor(scope: Construct, id: string, props: EdgeNamesProps) {
    super(scope, id);
    const log = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = this.#newRole(props);
    log.grantWrite(role);
    const handler = new LambdaFunction(this, 'Function', {
      description: 'Sylk gateway: SRV records of the edges',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(source, { exclude: ['*.test.mjs', '*.d.ts'] }),
      handler: 'index.handler',
      timeout: Duration.seconds(30),
      environment: {
        GROUP: props.group.autoScalingGroupName,
        ZONE: props.zone.id,
        DOMAIN: props.domain,
        SIP_PORT: String(props.sipPort),
      },
      logGroup: log,
      role,
    });
    this.#run(new FunctionTarget(handler), props.group);
  }

  #newRole({ zone, domain }: EdgeNamesProps): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['autoscaling:DescribeAutoScalingGroups', 'ec2:DescribeInstances'],
        resources: ['*'],
      }),
    );
    const records = 'route53:ChangeResourceRecordSets';
    role.addToPolicy(
      new PolicyStatement({
        actions: [records],
        resources: [`arn:${Aws.PARTITION}:route53:::hostedzone/${zone.id}`],
        conditions: {
          'ForAllValues:StringEquals': {
            [`${records}NormalizedRecordNames`]: [`_sip._udp.${domain}`, `_sip._tcp.${domain}`],
            [`${records}RecordTypes`]: ['SRV'],
            [`${records}Actions`]: ['UPSERT'],
          },
        },
      }),
    );
    acknowledge(role, {
      'IAM5[Resource::*]':
        'EC2 and Auto Scaling have no narrower resource for questions; changes are of two records only',
    });
    return role;
  }

  /** When an instance comes or goes, and now and then in case an event was lost or two runs overtook each other. */
  #run(target: IRuleTarget, group: AutoScalingGroup): void {
    new Rule(this, 'Changes', {
      description: 'Sylk gateway: an instance of an edge comes or goes',
      eventPattern: {
        source: ['aws.autoscaling'],
        detailType: [
          'EC2 Instance Launch Successful',
          'EC2 Instance-terminate Lifecycle Action',
          'EC2 Instance Terminate Successful',
        ],
        detail: { AutoScalingGroupName: [group.autoScalingGroupName] },
      },
      targets: [target],
    });
    new Rule(this, 'NowAndThen', { schedule: Schedule.rate(Duration.minutes(5)), targets: [target] });
  }
}
