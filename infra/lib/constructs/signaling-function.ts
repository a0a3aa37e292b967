import { join } from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundleFile, type FunctionName } from '../bundle-functions.ts';

export interface SignalingFunctionProps {
  readonly name: FunctionName;
  readonly description: string;
  /** Folder that has a bundle in a folder of the function's name. */
  readonly bundles: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: ILogGroup;
  /** Longer than the limit that the function keeps by itself, so that it can say what happened. */
  readonly timeout: Duration;
  /** Concurrent runs kept for it, and at most given to it. Absent: the account's. */
  readonly concurrency?: number;
}

/** In MB; the share of a processor goes with it, a whole one at 1769. */
const memoryMb = 512;

/** A function with a role of its own, which may write its log and, until somebody grants more, nothing else. */
export class SignalingFunction extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, props: SignalingFunctionProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    props.logGroup.grantWrite(role);
    this.handler = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(props.bundles, props.name)),
      handler: `${bundleFile.replace(/\.mjs$/, '')}.handler`,
      memorySize: memoryMb,
      timeout: props.timeout,
      reservedConcurrentExecutions: props.concurrency,
      environment: { ...props.environment },
      logGroup: props.logGroup,
      role,
    });
  }
}
