import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions } from '../lib/bundle-functions.ts';
import { readSettings } from '../lib/config.ts';
import { settingsOf } from '../lib/context.ts';
import { gatewayStacks } from '../lib/gateway-stacks.ts';
import { writePage } from '../lib/page-files.ts';
import { SettingsError } from '../lib/settings-text.ts';

/** The cloud: reads the settings, makes what is deployed besides templates, and creates the stacks. */
const checkout = join(import.meta.dirname, '../..');
const output = join(checkout, 'infra/cdk.out');

const main = async (): Promise<void> => {
  const app = new App();
  const settings = readSettings(settingsOf(app.node.getAllContext(), process.cwd()));
  const bundles = join(output, 'bundles');
  // One after the other: who builds the page ends the bundler's process when it is done.
  await bundleFunctions(checkout, bundles);
  await writePage(checkout, join(output, 'page'));
  gatewayStacks(app, settings, bundles);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  app.synth();
};

main().catch((error: unknown) => {
  console.error(error instanceof SettingsError ? error.message : error);
  process.exit(1);
});
