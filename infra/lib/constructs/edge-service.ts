import { Aws, Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import {
  AvailabilityZoneRebalancing,
  AwsLogDriverMode,
  BuiltInAttributes,
  ContainerImage,
  Ec2Service,
  Ec2TaskDefinition,
  Secret as EcsSecret,
  LogDrivers,
  NetworkMode,
  PlacementConstraint,
  PlacementStrategy,
  UlimitName,
} from 'aws-cdk-lib/aws-ecs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { EdgeSettings } from '../config.ts';
import type { EdgeHosts } from './edge-hosts.ts';

export interface EdgeServiceProps {
  readonly settings: EdgeSettings;
  readonly image: string;
  readonly hosts: EdgeHosts;
  readonly environment: Readonly<Record<string, string>>;
  readonly linkSecret: ISecret;
  readonly log: ILogGroup;
  /** Calls of each edge, once a minute. */
  readonly calls: Metric;
}

/** Loopback port of an edge's metrics, where `/healthz` is as well. */
export const healthPort = 9464;

/** Open files and sockets of an edge: all of its ports, and more. */
const maxFiles = 131_072;

/** Of a processor, over all: above it media would begin to suffer when one edge fails. */
const targetCpuPercent = 60;

/** The edges: one task on an instance, with the network of the instance. */
export class EdgeService extends Construct {
  readonly service: Ec2Service;

  constructor(scope: Construct, id: string, props: EdgeServiceProps) {
    super(scope, id);
    const task = new Ec2TaskDefinition(this, 'Task', { networkMode: NetworkMode.HOST });
    this.#addContainer(task, props);
    acknowledge(task, {
      ECS2: 'the environment has addresses and ports only; secrets come from Secrets Manager',
    });
    acknowledge(task.obtainExecutionRole(), {
      'IAM5[Resource::*]': 'a token for ECR has no narrower resource; images are fetched from one repository',
    });
    this.service = new Ec2Service(this, 'Service', {
      cluster: props.hosts.cluster,
      taskDefinition: task,
      // No number of edges: the scaling below has it, and a deployment must not take it back to where it began.
      // New edges first, on new instances; then the old ones end, each when its last call is over.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      placementConstraints: [PlacementConstraint.distinctInstances()],
      placementStrategies: [PlacementStrategy.spreadAcross(BuiltInAttributes.AVAILABILITY_ZONE)],
      // It would end edges, which have calls, to spread them anew.
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
      capacityProviderStrategies: [{ capacityProvider: props.hosts.capacity.capacityProviderName, weight: 1 }],
    });
    this.#scale(props);
  }

  #addContainer(task: Ec2TaskDefinition, props: EdgeServiceProps): void {
    const container = task.addContainer('Edge', {
      image: this.#imageOf(props.image),
      memoryReservationMiB: 512,
      environment: { ...props.environment },
      secrets: this.#secretsOf(props),
      // New edges must be well before old ones are told to end. One that has calls is well, whatever else is wrong.
      healthCheck: {
        command: [
          'CMD',
          'node',
          '--eval',
          `fetch('http://127.0.0.1:${healthPort}/healthz').then(({ ok }) => process.exit(ok ? 0 : 1))`,
        ],
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
        retries: 4,
        startPeriod: Duration.seconds(60),
      },
      // From SIGTERM on an edge takes no new calls and ends with its last one; this is when it is killed.
      stopTimeout: Duration.minutes(props.settings.drainMinutes),
      logging: LogDrivers.awsLogs({
        streamPrefix: 'edge',
        logGroup: props.log,
        // A log that cannot be written must not hold up media.
        mode: AwsLogDriverMode.NON_BLOCKING,
      }),
    });
    // A call uses up to four sockets for media.
    container.addUlimits({ name: UlimitName.NOFILE, softLimit: maxFiles, hardLimit: maxFiles });
  }

  #secretsOf({ linkSecret, settings: { trunksSecretArn } }: EdgeServiceProps): Readonly<Record<string, EcsSecret>> {
    const trunks = trunksSecretArn && Secret.fromSecretCompleteArn(this, 'Trunks', trunksSecretArn);
    return {
      SYLK_EDGE_TOKEN: EcsSecret.fromSecretsManager(linkSecret),
      ...(trunks && { SYLK_TRUNKS: EcsSecret.fromSecretsManager(trunks) }),
    };
  }

  /** ECS fetches from a registry of ECR with a right of its own, which is given for that repository. */
  #imageOf(uri: string): ContainerImage {
    const [, account, region, name, version] =
      /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)[:@](.+)$/.exec(uri) ?? [];
    if (name === undefined || version === undefined) return ContainerImage.fromRegistry(uri);
    const repositoryArn = `arn:${Aws.PARTITION}:ecr:${region}:${account}:repository/${name}`;
    const repository = Repository.fromRepositoryAttributes(this, 'Images', { repositoryArn, repositoryName: name });
    return ContainerImage.fromEcrRepository(repository, version);
  }

  #scale({ settings, calls }: EdgeServiceProps): void {
    const scaling = this.service.autoScaleTaskCount({ minCapacity: settings.min, maxCapacity: settings.max });
    const pace = { scaleOutCooldown: Duration.minutes(2), scaleInCooldown: Duration.minutes(15) };
    scaling.scaleToTrackCustomMetric('Calls', { metric: calls, targetValue: settings.callsPerEdge, ...pace });
    scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: targetCpuPercent, ...pace });
  }
}
