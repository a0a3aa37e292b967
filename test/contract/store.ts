import { describe } from 'node:test';
import { accountsContract } from './store/accounts.ts';
import { commandResultsContract } from './store/command-results.ts';
import { connectionsContract } from './store/connections.ts';
import { countersContract } from './store/counters.ts';
import { devicesContract } from './store/devices.ts';
import { edgesContract } from './store/edges.ts';
import type { OpenStore } from './store/harness.ts';
import { messagesContract } from './store/messages.ts';
import { missedCallsContract } from './store/missed-calls.ts';
import { phonesContract } from './store/phones.ts';
import { registrationsContract } from './store/registrations.ts';
import { sessionsContract } from './store/sessions.ts';

/** What every adapter of the store promises; `open` gives an empty one. */
export const storeContract = (adapter: string, open: OpenStore) =>
  describe(`the store on ${adapter}`, () => {
    accountsContract(open);
    connectionsContract(open);
    devicesContract(open);
    phonesContract(open);
    sessionsContract(open);
    edgesContract(open);
    commandResultsContract(open);
    countersContract(open);
    missedCallsContract(open);
    messagesContract(open);
    registrationsContract(open);
  });
