import type { App } from 'aws-cdk-lib';
import type { Settings } from './config.ts';
import { EdgeStack } from './edge-stack.ts';
import { ObservabilityStack } from './observability-stack.ts';
import { SignalingStack } from './signaling-stack.ts';
import { StateStack } from './state-stack.ts';
import { WebStack } from './web-stack.ts';

export interface GatewayStacks {
  readonly state: StateStack;
  readonly signaling: SignalingStack;
  /** Absent where the operator runs edges elsewhere. */
  readonly edge?: EdgeStack;
  readonly web: WebStack;
  readonly observability: ObservabilityStack;
}

/**
 * The stacks of a deployment, each with a life time of its own.
 *
 * @param bundles folder of the functions' bundles
 */
export const gatewayStacks = (app: App, settings: Settings, bundles: string): GatewayStacks => {
  const { name } = settings;
  // No account and no Region: the templates are the same wherever they are made and wherever they go.
  const common = { settings, namespace: `Sylk/${name}` };
  const state = new StateStack(app, `${name}State`, {
    ...common,
    description: 'Sylk gateway: table and secrets',
    terminationProtection: true,
  });
  const signaling = new SignalingStack(app, `${name}Signaling`, {
    ...common,
    description: 'Sylk gateway: APIs and functions',
    state,
    bundles,
  });
  const edge = newEdgeStack(app, settings, { ...common, state, signaling });
  const parts = { ...common, state, signaling, edge };
  const web = new WebStack(app, `${name}Web`, { ...parts, description: 'Sylk gateway: page and public host' });
  const observability = new ObservabilityStack(app, `${name}Observability`, {
    ...parts,
    description: 'Sylk gateway: dashboard and alarms',
  });
  return { state, signaling, edge, web, observability };
};

type EdgeParts = Omit<ConstructorParameters<typeof EdgeStack>[2], 'image'>;

const newEdgeStack = (app: App, { name, edges }: Settings, parts: EdgeParts): EdgeStack | undefined => {
  if (edges.image === undefined || edges.max === 0) return undefined;
  const description = 'Sylk gateway: media edges';
  return new EdgeStack(app, `${name}Edge`, { ...parts, description, image: edges.image });
};
