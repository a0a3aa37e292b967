/** What API Gateway and SQS hand to our functions, as far as we read it (payloads of WebSocket and HTTP APIs, and of queues). */

type Headers = Readonly<Record<string, string | undefined>>;

export interface WebSocketEvent {
  /** Only `$connect` has them all; their case is the client's. */
  readonly headers?: Headers;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly connectionId: string;
    readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
    readonly identity?: { readonly sourceIp?: string };
    /** What the authoriser of `$connect` said, with each later event as well. */
    readonly authorizer?: Readonly<Record<string, unknown>>;
  };
}

/** The answer to `$connect`: whether, and with which sub-protocol, the WebSocket opens. */
export interface WebSocketAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Headers;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: { readonly http: { readonly method: string; readonly sourceIp: string } };
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AuthorizerEvent {
  /** The resource that may be used or not. */
  readonly methodArn: string;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null;
}

export interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** Those that are not named are done, and come no more. */
export interface QueueAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What the platform says about this run of a function. */
export interface RunContext {
  getRemainingTimeInMillis(): number;
}

/** Headers by lower-case name: HTTP/1.1 lets clients write them as they like (RFC 9110 s. 5.1). */
export const lowerCased = (headers: Headers = {}): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
