import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { bundleFile, functionNames } from './bundle-functions.ts';
import { readSettings } from './config.ts';
import { type GatewayStacks, gatewayStacks } from './gateway-stacks.ts';

// CloudFormation's own validation takes seconds a template; `npm run synth` has it.
process.env.CDK_VALIDATION = 'false';

type Values = Readonly<Record<string, unknown>>;

/** The settings of an example, as a file has them. */
export const example = (name: 'small' | 'large'): Values =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../examples', `${name}.json`), 'utf8'));

/** The stacks of an example, with functions that do nothing. */
export const exampleStacks = (name: 'small' | 'large', changes: Values = {}): GatewayStacks => {
  const context = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8')).context;
  const outdir = temporaryFolder('sylk-cdk-');
  const app = new App({ context, outdir, analyticsReporting: false });
  return gatewayStacks(app, readSettings({ ...example(name), ...changes }), emptyBundles());
};

export interface ExampleTemplates {
  readonly state: Template;
  readonly signaling: Template;
  readonly edge?: Template;
  readonly web: Template;
  readonly observability: Template;
}

export const exampleTemplates = (name: 'small' | 'large', changes: Values = {}): ExampleTemplates => {
  const { state, signaling, edge, web, observability } = exampleStacks(name, changes);
  return {
    state: Template.fromStack(state),
    signaling: Template.fromStack(signaling),
    edge: edge && Template.fromStack(edge),
    web: Template.fromStack(web),
    observability: Template.fromStack(observability),
  };
};

/** A folder that is gone when the tests of a file are over. */
const temporaryFolder = (prefix: string): string => {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const emptyBundles = (): string => {
  const folder = temporaryFolder('sylk-bundles-');
  for (const name of functionNames) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, bundleFile), 'export const handler = async () => undefined;\n');
  }
  return folder;
};

/** One permission of a role, with its resource as the template writes it. */
export interface Right {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

/** All that the policies of a template allow. */
export const rightsIn = (template: Template): readonly Right[] =>
  Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => {
    const roles: readonly string[] = Properties.Roles.map(({ Ref }: { Ref: string }) => Ref);
    const statements: readonly { Action: string | string[]; Resource: unknown }[] = Properties.PolicyDocument.Statement;
    return statements.flatMap(({ Action, Resource }) =>
      roles.flatMap((role) =>
        [Action].flat().flatMap((action) => [Resource].flat().map((one) => ({ role, action, resource: written(one) }))),
      ),
    );
  });

/** An ARN with the names of resources in place of references: `arn:...:BrowserApi3122F5DA/v1/...`. */
const written = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(written).join('');
  return typeof value === 'object' && value !== null ? written(Object.values(value)) : '';
};
