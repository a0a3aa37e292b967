import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import { phoneStates } from '../fakes/phone-states.ts';
import { type Look, type PhoneStatesHost, startPhoneStates } from '../peers/phone-states-host.ts';

const looks: readonly Look[] = [
  { width: 390, height: 844, scheme: 'light' },
  { width: 390, height: 844, scheme: 'dark' },
  { width: 1440, height: 900, scheme: 'light' },
  { width: 1440, height: 900, scheme: 'dark' },
];
const folder = fileURLToPath(new URL('../out/screens/', import.meta.url));

/** What axe has to say, with the words that it leaves to a person struck out. */
function violations({ violations: found }: AxeResults): readonly string[] {
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`,
  );
}

describe('every state of the page', () => {
  let host: PhoneStatesHost;
  before(async () => {
    await mkdir(folder, { recursive: true });
    host = await startPhoneStates(8610);
    await host.page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  });
  after(() => host.close());

  for (const look of looks) {
    const size = `${look.width}x${look.height} ${look.scheme}`;
    for (const state of Object.keys(phoneStates)) {
      test(`${state} at ${size} is accessible`, async () => {
        await host.look(look);
        await host.show(state);
        await host.page.screenshot({ path: `${folder}${state}-${size.replace(' ', '-')}.png` });
        const results = await host.page.evaluate(() =>
          window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'], resultTypes: ['violations'] }),
        );
        assert.deepEqual(violations(results), []);
      });
    }
  }

  test('the insecure page leads to the secure one', async () => {
    await host.show('insecure');
    await host.page.waitForFunction(() => {
      const link = document
        .querySelector('sylk-phone')
        ?.shadowRoot?.querySelector<HTMLAnchorElement>('a[part=place-action]');
      return link?.href === `https://127.0.0.1:9443/`;
    });
  });

  test('the browser had nothing to complain about, the strict policy included', () => {
    assert.deepEqual(host.complaints, []);
  });
});

declare global {
  interface Window {
    axe: typeof import('axe-core');
  }
}
