import { Duration } from 'aws-cdk-lib';
import { HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { securityHeaders } from '../../../functions/src/adapters/local/http-page.ts';

/** What CloudFront says with each file: the same as the gateway on one machine, and that the host has HTTPS only. */
export class PageHeaders extends Construct {
  /** For the page. */
  readonly own: ResponseHeadersPolicy;
  /** For the element and the client library, which other sites load. */
  readonly shared: ResponseHeadersPolicy;

  constructor(scope: Construct, id: string, webHost: string) {
    super(scope, id);
    const headers = securityHeaders(webHost);
    this.own = new ResponseHeadersPolicy(this, 'Own', {
      securityHeadersBehavior: {
        ...everywhere,
        contentSecurityPolicy: {
          // The page is on HTTPS, so its WebSocket is as well.
          contentSecurityPolicy: header(headers, 'content-security-policy').replace(` ws://${webHost}`, ''),
          override: true,
        },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      },
      customHeadersBehavior: {
        customHeaders: ['permissions-policy', 'cross-origin-opener-policy'].map((name) => ({
          header: name,
          value: header(headers, name),
          override: true,
        })),
      },
    });
    this.shared = new ResponseHeadersPolicy(this, 'Shared', {
      securityHeadersBehavior: everywhere,
      corsBehavior: {
        accessControlAllowOrigins: ['*'],
        accessControlAllowMethods: ['GET', 'HEAD'],
        accessControlAllowHeaders: ['*'],
        accessControlAllowCredentials: false,
        originOverride: true,
      },
      customHeadersBehavior: {
        customHeaders: [{ header: 'cross-origin-resource-policy', value: 'cross-origin', override: true }],
      },
    });
  }
}

const everywhere = {
  contentTypeOptions: { override: true },
  strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
};

const header = (headers: Readonly<Record<string, string>>, name: string): string => {
  const value = headers[name];
  if (value === undefined) throw new Error(`the page has no header ${name}`);
  return value;
};
