/** What a service of the cloud answers to the SDK. */
export interface ServiceAnswer {
  readonly status: number;
  readonly body: string;
  /** Name of the error, which the SDK reads from a header or from the body. */
  readonly error?: string;
}

export const refusal = (status: number, error: string, message = error): ServiceAnswer => ({
  status,
  error,
  body: JSON.stringify({ __type: error, message }),
});
