import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Observer } from '../../ports/observer.ts';

/** What gauges show when they are read. */
export interface MetricSources {
  connections(): number;
  edges(): Promise<readonly { readonly edge: string; readonly calls: number }[]>;
}

/** Between two looks at the event loop's delay, in ms: one each 10 ms, as is usual, would cost an idle process 1 % of a core. */
const lagSampleMs = 250;
const durationBuckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10];

/** Counters and timings in Prometheus' form; durations in seconds, as its users expect. */
export class Metrics implements Observer {
  readonly #registry = new Registry();
  readonly #requests = this.#counter('sylk_requests_total', 'sylkRTC requests by tag and outcome', [
    'request',
    'outcome',
  ]);
  readonly #requestSeconds = this.#histogram('sylk_request_seconds', 'Time to carry a request out', ['request']);
  readonly #commands = this.#counter('sylk_edge_commands_total', 'Commands to edges', ['command', 'taken']);
  readonly #commandSeconds = this.#histogram('sylk_edge_command_seconds', "Time until an edge's word", ['command']);
  readonly #reports = this.#counter('sylk_edge_reports_total', 'Reports of edges', ['report', 'accepted']);
  readonly #reportSeconds = this.#histogram('sylk_edge_report_seconds', 'Time to carry a report out', ['report']);
  readonly #quotas = this.#counter('sylk_quota_reached_total', 'Refusals because of a quota', ['quota']);
  readonly #edgesLost = this.#counter('sylk_edges_lost_total', 'Edges declared lost', []);
  readonly #ignored = this.#counter('sylk_frames_ignored_total', 'Frames that got no answer', ['why']);
  readonly #refused = this.#counter('sylk_handshakes_refused_total', 'WebSocket handshakes refused', ['status']);
  readonly #http = this.#counter('sylk_http_requests_total', 'HTTP requests by method and status', [
    'method',
    'status',
  ]);

  constructor(sources: MetricSources) {
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: lagSampleMs });
    this.#gauge('sylk_connections', 'Open WebSockets', (gauge) => gauge.set(sources.connections()));
    this.#gauge('sylk_edge_calls', 'Calls of each edge that is alive', async (gauge) => {
      gauge.reset();
      for (const { edge, calls } of await sources.edges()) gauge.set({ edge }, calls);
    });
  }

  requestDone(request: string, outcome: string, durationMs: number): void {
    this.#requests.inc({ request, outcome });
    this.#requestSeconds.observe({ request }, durationMs / 1000);
  }

  commandDone(command: string, isTaken: boolean, durationMs: number): void {
    this.#commands.inc({ command, taken: String(isTaken) });
    this.#commandSeconds.observe({ command }, durationMs / 1000);
  }

  reportDone(report: string, isAccepted: boolean, durationMs: number): void {
    this.#reports.inc({ report, accepted: String(isAccepted) });
    this.#reportSeconds.observe({ report }, durationMs / 1000);
  }

  quotaReached(quota: string): void {
    this.#quotas.inc({ quota });
  }

  edgeLost(): void {
    this.#edgesLost.inc();
  }

  frameIgnored(why: string): void {
    this.#ignored.inc({ why });
  }

  handshakeRefused(status: number): void {
    this.#refused.inc({ status });
  }

  httpDone(method: string, status: number): void {
    this.#http.inc({ method, status });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics as text. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets: durationBuckets, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, collect: (gauge: Gauge<'edge'>) => void | Promise<void>): void {
    new Gauge({
      name,
      help,
      labelNames: ['edge'],
      registers: [this.#registry],
      collect() {
        return collect(this);
      },
    });
  }
}
