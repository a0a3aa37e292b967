import { maxFrameBytes, maxSessionsPerConnection, temporaryAddressMs } from '@sylk/protocol/limits.ts';
import type { Services } from '../signaling/services.ts';
import { json } from './message.ts';
import type { Route } from './router.ts';

/**
 * What a page must know before it connects.
 *
 * @param httpsPort of the secure page, once it is known
 */
export const configRoutes = ({ domain, settings }: Services, httpsPort: () => Promise<number>): readonly Route[] => [
  {
    path: '/api/config',
    methods: {
      GET: async () =>
        json(200, {
          domain: domain.name,
          version: settings.version,
          webSocketPath: '/webrtcgateway/ws',
          httpsPort: await httpsPort(),
          echo: `echo@${domain.name}`,
          limits: { maxFrameBytes, maxSessions: maxSessionsPerConnection, temporaryAddressMs },
        }),
    },
  },
];
