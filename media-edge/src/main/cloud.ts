import type { ConnectionId } from '@sylk/protocol/ids.ts';
import { instanceAddress } from '../aws/instance-address.ts';
import type { Config } from '../config.ts';

type Deliver = (connection: ConnectionId, frame: string) => Promise<'sent' | 'gone'>;

/** The way to browsers when their sockets end at API Gateway. The SDK is not there, and not read, where it is not needed. */
export async function browserDelivery({ browserApi }: Config): Promise<Deliver | undefined> {
  if (browserApi === undefined) return undefined;
  const { browserPoster } = await import('../aws/browser-poster.ts');
  return browserPoster(browserApi);
}

/** The settings with the address that the cloud gave the machine, where they name none. */
export async function withAddress(config: Config): Promise<Config> {
  if (!config.isEcsTask || config.publicAddress !== undefined) return config;
  return { ...config, publicAddress: await instanceAddress() };
}
