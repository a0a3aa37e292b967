import { stageName } from './routed-websocket-api.ts';

/** Header in which a function of ours tells the address of the visitor, as CloudFront sees it. */
export const viewerHeader = 'x-sylk-viewer';

/** Header whose value shows that a request comes through our CloudFront. */
export const frontHeader = 'x-sylk-front';

/** For CloudFront: leads paths that are no files, as `/call/user@domain`, to the page, which reads them. */
export const pageFunction = `function handler(event) {
  var request = event.request;
  var isFile = /^\\/[^/@]*\\.(js|css|map|ico|png|svg|txt|json|webmanifest)$/.test(request.uri);
  if (!isFile) request.uri = '/index.html';
  return request;
}
`;

/** For CloudFront: tells the interface who asks. */
export const httpFunction = `function handler(event) {
  var request = event.request;
  request.headers['${viewerHeader}'] = { value: event.viewer.ip };
  return request;
}
`;

/** For CloudFront: the same, and the path that API Gateway has for its WebSockets. */
export const socketFunction = `function handler(event) {
  var request = event.request;
  request.headers['${viewerHeader}'] = { value: event.viewer.ip };
  request.uri = '/${stageName}';
  return request;
}
`;
