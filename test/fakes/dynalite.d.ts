declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A server that speaks DynamoDB's API, in memory; times in ms. */
  const dynalite: (options: { createTableMs?: number; deleteTableMs?: number }) => Server;
  export = dynalite;
}
