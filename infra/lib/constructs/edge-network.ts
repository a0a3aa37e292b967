import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { EdgeSettings } from '../config.ts';

/** Browsers use one port a worker, and an edge has at most this many workers. */
const maxWorkers = 8;

/** Where edges stand: public subnets only, because an edge is on the Internet itself. No NAT gateway, no load balancer. */
export class EdgeNetwork extends Construct {
  readonly vpc: Vpc;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, settings: EdgeSettings) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.64.0.0/16'),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Edge', subnetType: SubnetType.PUBLIC, cidrMask: 20 }],
      // It needs a function that may change any security group; nothing here uses the default one.
      restrictDefaultSecurityGroup: false,
    });
    this.#logRejected();
    this.securityGroup = this.#newSecurityGroup(settings);
  }

  /** What was turned away; what was let in is media, which would be most of the bill. */
  #logRejected(): void {
    const logGroup = new LogGroup(this, 'Rejected', {
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.vpc.addFlowLog('RejectedFlows', {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup),
      trafficType: FlowLogTrafficType.REJECT,
    });
  }

  #newSecurityGroup({ sipPort, mediaPorts }: EdgeSettings): SecurityGroup {
    const group = new SecurityGroup(this, 'Edges', { vpc: this.vpc, description: 'SIP and media from anywhere' });
    const { first, last } = mediaPorts;
    const openings: readonly (readonly [Port, string])[] = [
      [Port.udp(sipPort), 'SIP'],
      [Port.tcp(sipPort), 'SIP'],
      [Port.udpRange(first, last), 'media of browsers and phones'],
      [Port.tcpRange(first, Math.min(first + maxWorkers - 1, last)), 'media of browsers whose network has no UDP'],
    ];
    for (const [port, description] of openings) group.addIngressRule(Peer.anyIpv4(), port, description);
    acknowledge(group, {
      EC23: 'callers and phones are anywhere on the Internet; the edge itself judges what it gets',
    });
    return group;
  }
}
