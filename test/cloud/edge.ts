import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverEnvironment, serverFlags } from '../../infra/setup/server-process.mjs';
import { freePort, mediaBlock } from '../peers/ports.ts';
import { PeerProcess } from '../peers/process.ts';
import type { Deployment } from './deployment.ts';
import { at, listAt, textAt } from './json-path.ts';
import { region } from './physical-names.ts';

const root = join(import.meta.dirname, '../..');

export interface EdgeOptions {
  readonly deployment: Deployment;
  /** The front of all services. */
  readonly endpoint: string;
  readonly secrets: ReadonlyMap<string, string>;
  /** Where its media is reached. */
  readonly address: string;
  localized(text: string): string;
}

/** A media edge, as the task of the templates, with the ports and addresses of this machine. */
export interface CloudEdge {
  /** As signaling knows it. */
  readonly name: string;
  readonly process: PeerProcess;
  readonly sipPort: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export const startEdge = async (options: EdgeOptions): Promise<CloudEdge> => {
  const data = await mkdtemp(join(tmpdir(), 'sylk-cloud-edge-'));
  const sipPort = await freePort();
  const metricsPort = await freePort();
  const env = {
    ...serverEnvironment,
    ...taskEnvironment(options),
    ...(await ofThisMachine(options.address, data)),
    SYLK_SIP_PORT: String(sipPort),
    SYLK_SIPS_PORT: 'none',
    SYLK_EDGE_METRICS_PORT: String(metricsPort),
  };
  const entry = join(root, 'media-edge/src/main.ts');
  const args = [...serverFlags, entry];
  const process = new PeerProcess(globalThis.process.execPath, args, { env, name: 'edge', cwd: root });
  await process.says(/"ready":"edge"/, 40_000);
  const [, name = ''] = await process.says(/"edge":"([^"]+)"/);
  return {
    name,
    process,
    sipPort,
    async stop(signal) {
      await process.stop(signal);
      await rm(data, { recursive: true, force: true });
    },
  };
};

/** What ECS puts into the environment of the container, the rights of the task among it. */
const taskEnvironment = ({ deployment, endpoint, secrets, localized }: EdgeOptions): Record<string, string> => {
  const { properties } = deployment.templates.only('AWS::ECS::TaskDefinition');
  const container = at(properties, 'ContainerDefinitions', 0);
  const values = listAt(container, 'Environment').map((one) => [textAt(one, 'Name'), localized(textAt(one, 'Value'))]);
  const hidden = listAt(container, 'Secrets').map((one) => [
    textAt(one, 'Name'),
    secrets.get(textAt(one, 'ValueFrom')) ?? '',
  ]);
  return {
    ...Object.fromEntries([...values, ...hidden]),
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: textAt(properties, 'TaskRoleArn').split('/').at(-1) ?? '',
    AWS_SECRET_ACCESS_KEY: 'of-the-emulation',
  };
};

const ofThisMachine = async (address: string, data: string) => ({
  PATH: process.env.PATH ?? '',
  SYLK_WORKER_BIN: process.env.SYLK_WORKER_BIN ?? '',
  SYLK_DATA_DIR: data,
  SYLK_DRAIN_SECONDS: '60',
  SYLK_MEDIA_PORTS: (await mediaBlock()).text,
  SYLK_PUBLIC_ADDRESS: address,
  SYLK_PEER_NETWORKS: `127.0.0.0/8,${address}/24,10.0.0.0/8`,
});
