import { createServer } from 'node:http';

const port = 8616;

/** Origin of a site that is not the gateway's; browsers count every port of localhost as secure. */
export const siteOrigin = `http://localhost:${port}`;

/** Serves a page of somebody else that has the phone in a corner, under as strict a policy as that needs. */
export async function serveSite(gateway: string, to: string): Promise<{ close(): void }> {
  const html = `<!doctype html><html lang="en"><head><title>Shop</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/site.css"><script type="module" src="${gateway}/sylk-phone.js"></script>
</head><body><sylk-phone server="${gateway}" to="${to}"></sylk-phone></body></html>`;
  const socket = gateway.replace('http', 'ws');
  const policy = `default-src 'none'; script-src ${gateway}; style-src 'self'; img-src data:; media-src blob:; connect-src ${gateway} ${socket}`;
  const server = createServer(({ url }, response) => {
    const isStyle = url === '/site.css';
    response.setHeader('content-type', isStyle ? 'text/css' : 'text/html');
    response.setHeader('content-security-policy', policy);
    response.end(isStyle ? 'sylk-phone { inline-size: 280px; block-size: 400px }' : html);
  });
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  return {
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
