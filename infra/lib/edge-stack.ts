import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EdgeSettings, Settings } from './config.ts';
import { EdgeHosts } from './constructs/edge-hosts.ts';
import { EdgeNames } from './constructs/edge-names.ts';
import { EdgeNetwork } from './constructs/edge-network.ts';
import { EdgeService, healthPort } from './constructs/edge-service.ts';
import { type EdgeMetrics, edgeMetrics, readMetric } from './logged-metrics.ts';
import type { SignalingStack } from './signaling-stack.ts';
import type { StateStack } from './state-stack.ts';

export interface EdgeStackProps extends StackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly signaling: SignalingStack;
  /** Of the metrics. */
  readonly namespace: string;
}

/** The media edges. They dial in to signaling; nothing in AWS has to find them. */
export class EdgeStack extends Stack {
  readonly hosts: EdgeHosts;
  readonly edges: EdgeService;
  readonly metrics: EdgeMetrics;

  constructor(scope: Construct, id: string, props: EdgeStackProps & { readonly image: string }) {
    super(scope, id, props);
    const { settings, state, signaling, image } = props;
    const log = new LogGroup(this, 'Log', { retention: settings.logDays, removalPolicy: RemovalPolicy.DESTROY });
    this.metrics = this.#readMetrics(log, props.namespace);
    const network = new EdgeNetwork(this, 'Network', settings.edges);
    this.hosts = new EdgeHosts(this, 'Hosts', network, settings.edges);
    this.edges = new EdgeService(this, 'Edges', {
      settings: settings.edges,
      image,
      hosts: this.hosts,
      environment: edgeEnvironment(settings, signaling),
      linkSecret: state.linkSecret,
      log,
      calls: this.metrics.calls,
    });
    this.#allowPosts(signaling);
    this.#name(settings);
    new CfnOutput(this, 'Service', { value: this.edges.service.serviceName, description: 'ECS service of the edges' });
    new CfnOutput(this, 'Cluster', { value: this.hosts.cluster.clusterName, description: 'ECS cluster of the edges' });
  }

  #readMetrics(log: LogGroup, namespace: string): EdgeMetrics {
    return {
      calls: readMetric(this, log, namespace, edgeMetrics.calls),
      callsBegun: readMetric(this, log, namespace, edgeMetrics.callsBegun),
      answerTime: readMetric(this, log, namespace, edgeMetrics.answerTime),
      callsFailed: readMetric(this, log, namespace, edgeMetrics.callsFailed),
      errors: readMetric(this, log, namespace, edgeMetrics.errors),
    };
  }

  /** An edge sends events to browsers itself. It can neither close connections nor reach edges, nor any data. */
  #allowPosts({ browserApi }: SignalingStack): void {
    browserApi.grantPosts(this.edges.service.taskDefinition.taskRole);
  }

  #name({ hostedZone, domain, edges }: Settings): void {
    if (hostedZone === undefined) return;
    new EdgeNames(this, 'Names', { zone: hostedZone, domain, sipPort: edges.sipPort, group: this.hosts.group });
  }
}

/** Networks that no peer is in: the edge would otherwise take those that its instance is in for a laboratory's. */
const nobody = 'none';

/** What an edge has left to end its last calls politely, in s, before it is killed. */
const lastWordsS = 20;

const edgeEnvironment = (settings: Settings, signaling: SignalingStack): Readonly<Record<string, string>> => {
  const { sipPort, mediaPorts, peerNetworks, drainMinutes }: EdgeSettings = settings.edges;
  return {
    SYLK_EDGE_URL: signaling.edgeApi.url,
    SYLK_BROWSER_API: signaling.browserApi.callbackUrl,
    SYLK_SIP_PORT: String(sipPort),
    // No port for it is open: the stacks have no certificate for the names of edges.
    SYLK_SIPS_PORT: 'none',
    SYLK_MEDIA_PORTS: `${mediaPorts.first}-${mediaPorts.last}`,
    SYLK_PEER_NETWORKS: peerNetworks.length > 0 ? peerNetworks.join(',') : nobody,
    SYLK_DRAIN_SECONDS: String(drainMinutes * 60 - lastWordsS),
    SYLK_EDGE_METRICS_PORT: String(healthPort),
    SYLK_LOG_LEVEL: settings.logLevel,
  };
};
