import { createServer } from 'node:http';
import type { EdgeMetrics } from './metrics.ts';

/** Serves the metrics on a loopback port. @returns what closes it */
export async function openMetricsPort(port: number, metrics: EdgeMetrics): Promise<() => void> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end('only GET /metrics is served here\n');
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
