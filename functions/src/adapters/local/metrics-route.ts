import { BlockList, isIP } from 'node:net';
import { HttpError } from '../../http/message.ts';
import type { Route } from '../../http/router.ts';
import type { Metrics } from './metrics.ts';

/** `/metrics` for this machine and the given networks; it tells too much for everybody. */
export const metricsRoute = (metrics: Metrics, networks: readonly string[]): Route => {
  const readers = new BlockList();
  for (const network of ['127.0.0.0/8', '::1/128', ...networks]) addNetwork(readers, network);
  return {
    path: '/metrics',
    methods: {
      GET: async ({ address }) => {
        if (!readers.check(address, familyOf(address))) {
          throw new HttpError(403, `metrics are not for ${address}, add its network to SYLK_PEER_NETWORKS`);
        }
        const headers = { 'content-type': metrics.contentType, 'cache-control': 'no-store' };
        return { status: 200, headers, body: await metrics.text() };
      },
    },
  };
};

const addNetwork = (list: BlockList, network: string): void => {
  const [address = '', prefix] = network.split('/');
  list.addSubnet(address, Number(prefix), familyOf(address));
};

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
