import { Duration } from 'aws-cdk-lib';
import { AutoScalingGroup, BlockDeviceVolume, EbsDeviceVolumeType, GroupMetrics } from 'aws-cdk-lib/aws-autoscaling';
import { InstanceType, LaunchTemplate, SubnetType, UserData } from 'aws-cdk-lib/aws-ec2';
import {
  AmiHardwareType,
  AsgCapacityProvider,
  Cluster,
  ContainerInsights,
  EcsOptimizedImage,
} from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { EdgeSettings } from '../config.ts';
import type { EdgeNetwork } from './edge-network.ts';

/** The instances that carry edges, one each: as many as there are edges, and none is taken away under its calls. */
export class EdgeHosts extends Construct {
  readonly cluster: Cluster;
  readonly group: AutoScalingGroup;
  readonly capacity: AsgCapacityProvider;

  constructor(scope: Construct, id: string, network: EdgeNetwork, settings: EdgeSettings) {
    super(scope, id);
    this.cluster = new Cluster(this, 'Cluster', { vpc: network.vpc, containerInsightsV2: ContainerInsights.ENABLED });
    this.group = this.#newGroup(network, settings);
    this.capacity = new AsgCapacityProvider(this, 'Capacity', {
      autoScalingGroup: this.group,
      enableManagedScaling: true,
      targetCapacityPercent: 100,
      // Draining waits for the edge to end; protection would only keep empty instances as well.
      enableManagedDraining: true,
      enableManagedTerminationProtection: false,
    });
    this.cluster.addAsgCapacityProvider(this.capacity);
  }

  #newGroup(network: EdgeNetwork, settings: EdgeSettings): AutoScalingGroup {
    const group = new AutoScalingGroup(this, 'Group', {
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      launchTemplate: this.#newTemplate(network, settings),
      minCapacity: settings.min,
      // Twice: while a new version takes over, old edges end their calls beside the new ones.
      maxCapacity: settings.max * 2,
      groupMetrics: [GroupMetrics.all()],
      maxInstanceLifetime: Duration.days(90),
    });
    acknowledge(group, {
      AS3: 'the alarms tell what matters of the group: edges lost, and fewer edges than wanted',
    });
    return group;
  }

  #newTemplate(network: EdgeNetwork, settings: EdgeSettings): LaunchTemplate {
    const role = new Role(this, 'InstanceRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    const forAgent = 'the CDK gives it to the agent of ECS, whose questions about itself have no narrower resource';
    acknowledge(role, { 'IAM5[Action::ecs:Submit*]': forAgent, 'IAM5[Resource::*]': forAgent });
    return new LaunchTemplate(this, 'Template', {
      instanceType: new InstanceType(settings.instanceType),
      machineImage: EcsOptimizedImage.amazonLinux2023(AmiHardwareType.ARM),
      securityGroup: network.securityGroup,
      associatePublicIpAddress: true,
      requireImdsv2: true,
      userData: this.#newUserData(),
      role,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(30, { volumeType: EbsDeviceVolumeType.GP3, encrypted: true }),
        },
      ],
    });
  }

  #newUserData(): UserData {
    const data = UserData.forLinux();
    data.addCommands(
      // Without it the agent gives no role to tasks that have the network of the host.
      'echo ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=true >> /etc/ecs/ecs.config',
      // Larger socket buffers, so that a burst of packets waits instead of being lost.
      'sysctl -w net.core.rmem_max=4194304 net.core.wmem_max=4194304',
    );
    return data;
  }
}
