import { SqliteStore } from '../../functions/src/adapters/local/sqlite-store.ts';
import { storeContract } from './store.ts';

storeContract('SQLite', async () => {
  const store = new SqliteStore(':memory:');
  return {
    store,
    clean: async (at) => store.clean(at),
    close: async () => store.close(),
  };
});
