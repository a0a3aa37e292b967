// The clients that Lambda's runtime brings, as far as this function uses them. It is on no caller's path, so it
// takes them from there instead of carrying three more libraries.

declare module '@aws-sdk/client-auto-scaling' {
  export class DescribeAutoScalingGroupsCommand {
    constructor(input: { AutoScalingGroupNames: readonly string[] });
  }
  export class AutoScalingClient {
    constructor(options: object);
    send(command: DescribeAutoScalingGroupsCommand): Promise<{
      AutoScalingGroups?: readonly { Instances?: readonly { InstanceId?: string; LifecycleState?: string }[] }[];
    }>;
  }
}

declare module '@aws-sdk/client-ec2' {
  export class DescribeInstancesCommand {
    constructor(input: { InstanceIds: readonly string[] });
  }
  export class EC2Client {
    constructor(options: object);
    send(command: DescribeInstancesCommand): Promise<{
      Reservations?: readonly { Instances?: readonly { PublicDnsName?: string }[] }[];
    }>;
  }
}

declare module '@aws-sdk/client-route-53' {
  export class ChangeResourceRecordSetsCommand {
    constructor(input: { HostedZoneId: string; ChangeBatch: { Changes: readonly object[] } });
  }
  export class Route53Client {
    constructor(options: object);
    send(command: ChangeResourceRecordSetsCommand): Promise<object>;
  }
}
