import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CallObserver } from '../exchange/parts.ts';

type Rows = Readonly<Record<string, number>>;

/** What gauges show when they are read. */
export interface EdgeGauges {
  calls(): number;
  sessions(): number;
  /** 0..1 of a core, the busiest media worker. */
  workerLoad(): number;
  hasLink(): boolean;
  /** What the SIP port has counted, by what it was, and its connections now, by transport. */
  sip(): { readonly counts: Rows; readonly connections: Rows };
}

/** Between two looks at the event loop's delay, in ms: one each 10 ms, as is usual, would cost an idle process 1 % of a core. */
const lagSampleMs = 250;
const setUpBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 3, 10, 30];

/** The edge's own numbers in Prometheus' form; durations in seconds. */
export class EdgeMetrics implements CallObserver {
  readonly #registry = new Registry();
  readonly #registers = [this.#registry];
  readonly #began = new Counter({ name: 'sylk_calls_begun_total', help: 'Calls begun', registers: this.#registers });
  readonly #ended = new Counter({
    name: 'sylk_calls_ended_total',
    help: 'Calls ended, by SIP status and whether they were answered',
    labelNames: ['code', 'answered'],
    registers: this.#registers,
  });
  readonly #setUp = new Histogram({
    name: 'sylk_call_answer_seconds',
    help: 'Time from the beginning of a call to its answer',
    buckets: setUpBuckets,
    registers: this.#registers,
  });

  constructor(gauges: EdgeGauges) {
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: lagSampleMs });
    this.#gauge('sylk_calls', 'Calls now', gauges.calls);
    this.#gauge('sylk_sessions', 'Sessions of browsers now', gauges.sessions);
    this.#gauge('sylk_media_worker_load', 'Share of a core that the busiest media worker uses', gauges.workerLoad);
    this.#gauge('sylk_link_up', '1 while a link to signaling is up', () => Number(gauges.hasLink()));
    this.#sipGauges(gauges);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  began(): void {
    this.#began.inc();
  }

  answered(setUpMs: number): void {
    this.#setUp.observe(setUpMs / 1000);
  }

  ended(code: number, wasAnswered: boolean): void {
    this.#ended.inc({ code: String(code), answered: String(wasAnswered) });
  }

  #gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: this.#registers, collect: () => gauge.set(read()) });
  }

  #sipGauges({ sip }: EdgeGauges): void {
    const counted = 'What the SIP port has dropped or refused since the start';
    this.#table('sylk_sip_counted', counted, 'what', () => sip().counts);
    this.#table('sylk_sip_connections', 'Connections of SIP now', 'transport', () => sip().connections);
  }

  /** One gauge with a row for each name. */
  #table(name: string, help: string, label: string, read: () => Rows): void {
    const gauge: Gauge<string> = new Gauge({
      name,
      help,
      labelNames: [label],
      registers: this.#registers,
      collect: () => {
        for (const [row, count] of Object.entries(read())) gauge.set({ [label]: row }, count);
      },
    });
  }
}
