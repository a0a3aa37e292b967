import { createServer } from 'node:http';
import type { EdgeMetrics } from './metrics.ts';

/** How the edge is. */
export interface EdgeHealth {
  /** It carries calls, or could: what runs it need not replace it. */
  readonly isWell: boolean;
  /** It may be given calls. */
  readonly isReady: boolean;
}

/** Serves the metrics on a loopback port, and beside them `/healthz` and `/readyz`. @returns what closes it */
export async function openMetricsPort(
  port: number,
  metrics: EdgeMetrics,
  health: () => EdgeHealth,
): Promise<() => void> {
  const server = createServer((request, response) => {
    const path = request.method === 'GET' ? request.url : undefined;
    if (path === '/healthz' || path === '/readyz') {
      const now = health();
      response.writeHead((path === '/healthz' ? now.isWell : now.isReady) ? 200 : 503).end(`${JSON.stringify(now)}\n`);
      return;
    }
    if (path !== '/metrics') {
      response.writeHead(404).end('only GET of /metrics, /healthz and /readyz is served here\n');
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      (error: unknown) => response.writeHead(500).end(`${error instanceof Error ? error.message : 'no metrics'}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`SYLK_EDGE_METRICS_PORT: ${error.message}`, { cause: error })));
    server.listen(port, '127.0.0.1', resolve);
  });
  return () => server.close();
}
