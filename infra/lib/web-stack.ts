import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  OriginProtocolPolicy,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
  SecurityPolicyProtocol,
  Function as ViewerFunction,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Settings } from './config.ts';
import { PageHeaders } from './constructs/page-headers.ts';
import { frontHeader, httpFunction, pageFunction, socketFunction } from './constructs/viewer-functions.ts';
import type { SignalingStack } from './signaling-stack.ts';
import type { StateStack } from './state-stack.ts';

export interface WebStackProps extends StackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly signaling: SignalingStack;
}

/** Paths that are the HTTP interface's; everything else is the page's. */
const httpPaths = ['/api/*', '/healthz', '/readyz', '/webrtcgateway/messages/*'];
const socketPath = '/webrtcgateway/ws';
const sharedFiles = ['/sylk-phone.js', '/sylkrtc.js', '/messages-*.js'];

/**
 * The public host: page, element, HTTP interface and sylkRTC on one name, as on one machine, so that a page finds its
 * server where it came from, and nothing in it has to be written for a deployment.
 */
export class WebStack extends Stack {
  readonly bucket: Bucket;
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: WebStackProps) {
    super(scope, id, props);
    const { settings } = props;
    this.bucket = this.#newBucket();
    this.distribution = this.#newDistribution(props);
    this.#name(settings);
    new CfnOutput(this, 'PageBucket', { value: this.bucket.bucketName, description: 'Gets the files of the page' });
    new CfnOutput(this, 'DistributionId', { value: this.distribution.distributionId });
    new CfnOutput(this, 'DistributionName', {
      value: this.distribution.distributionDomainName,
      description: `What ${settings.webHost} has to be a CNAME of, unless its zone is given`,
    });
  }

  #newBucket(): Bucket {
    const bucket = new Bucket(this, 'Page', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(bucket, { S1: 'only CloudFront reads it, and only files that everybody may read lie in it' });
    return bucket;
  }

  #newDistribution(props: WebStackProps): Distribution {
    const { settings } = props;
    const headers = new PageHeaders(this, 'Headers', settings.webHost);
    const page = this.#pageBehavior();
    const shared = Object.fromEntries(
      sharedFiles.map((path) => [path, { ...page, responseHeadersPolicy: headers.shared }]),
    );
    const distribution = new Distribution(this, 'Distribution', {
      comment: `Sylk gateway: ${settings.webHost}`,
      domainNames: [settings.webHost],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', settings.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      webAclId: settings.webAclArn,
      defaultRootObject: 'index.html',
      defaultBehavior: { ...page, responseHeadersPolicy: headers.own },
      additionalBehaviors: { ...shared, ...this.#apiBehaviors(props) },
    });
    acknowledge(distribution, {
      CFR1: 'callers are anywhere; an operator who wants less gives a web ACL',
      CFR2: 'a web ACL is the choice of the operator (webAclArn): it costs for each request',
      CFR3: 'the APIs behind it write their own access logs; of files, nobody needs to know who fetched them',
    });
    return distribution;
  }

  #pageBehavior(): BehaviorOptions {
    return {
      origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      functionAssociations: [this.#viewerFunction('PagePath', pageFunction)],
    };
  }

  #apiBehaviors({ state, signaling }: WebStackProps): Readonly<Record<string, BehaviorOptions>> {
    const originRequestPolicy = new OriginRequestPolicy(this, 'Everything', {
      comment: 'Everything but the host: API Gateway knows its own only',
      headerBehavior: OriginRequestHeaderBehavior.denyList('host'),
      queryStringBehavior: OriginRequestQueryStringBehavior.all(),
    });
    const behavior = (host: string): BehaviorOptions => ({
      origin: apiOrigin(host, state.frontSecret),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy,
    });
    const http = {
      ...behavior(signaling.httpApi.host),
      functionAssociations: [this.#viewerFunction('HttpViewer', httpFunction)],
    };
    const socket = {
      ...behavior(signaling.browserApi.host),
      functionAssociations: [this.#viewerFunction('SocketViewer', socketFunction)],
    };
    return { ...Object.fromEntries(httpPaths.map((path) => [path, http])), [socketPath]: socket };
  }

  #viewerFunction(id: string, code: string) {
    const viewerFunction = new ViewerFunction(this, id, {
      code: FunctionCode.fromInline(code),
      runtime: FunctionRuntime.JS_2_0,
    });
    return { function: viewerFunction, eventType: FunctionEventType.VIEWER_REQUEST };
  }

  #name({ hostedZone, webHost }: Settings): void {
    if (hostedZone === undefined) return;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: hostedZone.id,
      zoneName: hostedZone.name,
    });
    const record = {
      zone,
      recordName: `${webHost}.`,
      target: RecordTarget.fromAlias(new CloudFrontTarget(this.distribution)),
    };
    new ARecord(this, 'Address', record);
    new AaaaRecord(this, 'Address6', record);
  }
}

/** CloudFormation puts the secret in when it deploys; the template has a reference to it only. */
const apiOrigin = (host: string, secret: ISecret): HttpOrigin =>
  new HttpOrigin(host, {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    customHeaders: { [frontHeader]: secret.secretValue.unsafeUnwrap() },
  });
