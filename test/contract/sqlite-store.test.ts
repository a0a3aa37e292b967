import { SqliteStore } from '../../functions/src/adapters/local/sqlite-store.ts';
import { storeContract } from './store.ts';

storeContract('SQLite', async () => {
  const store = new SqliteStore(':memory:');
  return {
    store,
    settle: async () => undefined,
    clean: async (at) => store.clean(at),
    close: async () => store.close(),
  };
});
