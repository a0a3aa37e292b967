/** Facts about this server that are chosen once. */
export interface Installation {
  /** Stores `value` under `name` unless a value is there. @returns what is stored */
  settle(name: string, value: string): Promise<string>;
}
