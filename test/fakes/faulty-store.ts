import type { Store } from '../../functions/src/ports/store.ts';

/** Something that can go wrong with one step of a store, told before and after it; `call` is the same for both. */
export interface StepFaults {
  /** May wait (others go first) or throw (the step did not happen). */
  before(step: string, call: symbol): Promise<void>;
  /** May wait, or throw (the step happened, its answer was lost). */
  after(step: string, call: symbol): Promise<void>;
}

export class StoreFault extends Error {}

/** A store whose every step is open to faults. Steps are named `sessions.claim` and so on. */
export const faultyStore = (store: Store, faults: StepFaults): Store => ({
  connections: faulty('connections', store.connections, faults),
  accounts: faulty('accounts', store.accounts, faults),
  devices: faulty('devices', store.devices, faults),
  phones: faulty('phones', store.phones, faults),
  sessions: faulty('sessions', store.sessions, faults),
  edges: faulty('edges', store.edges, faults),
  quotas: faulty('quotas', store.quotas, faults),
  messages: faulty('messages', store.messages, faults),
  missedCalls: faulty('missedCalls', store.missedCalls, faults),
  registrations: faulty('registrations', store.registrations, faults),
  nonces: faulty('nonces', store.nonces, faults),
  commandResults: faulty('commandResults', store.commandResults, faults),
  installation: faulty('installation', store.installation, faults),
});

const faulty = <Port extends object>(name: string, port: Port, faults: StepFaults): Port =>
  new Proxy(port, {
    get: (target, property) => {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== 'function') return method;
      const step = `${name}.${String(property)}`;
      return async (...values: unknown[]) => {
        const call = Symbol(step);
        await faults.before(step, call);
        const result: unknown = await method.apply(target, values);
        await faults.after(step, call);
        return result;
      };
    },
  });
