import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type PhoneStatesHost, startPhoneStates } from '../peers/phone-states-host.ts';

/** WCAG 2.1, 1.4.6: text on the call screen is read at arm's length, so it gets the enhanced contrast. */
const enhanced = 7;

const states = [
  'calling',
  'ringing',
  'ringing-video',
  'audio-call',
  'video-call',
  'weak-video',
  'wants-video',
  'two-calls',
  'reconnecting',
];

/**
 * Runs in the page. Measures the text of the call screen against the worst that can be behind it: both ends of the
 * gradient, or white where the far side's picture shines through.
 */
function poorTexts(least: number): string[] {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const root = document.querySelector('sylk-phone')?.shadowRoot;
  const stage = root?.querySelector<HTMLElement>('.talk');
  if (!pen || !stage) return ['there is no call screen'];

  /** The colour that shows when these lie over each other, the lowest first. */
  const blend = (layers: readonly string[]): readonly number[] => {
    for (const layer of layers) {
      pen.fillStyle = layer;
      pen.fillRect(0, 0, 1, 1);
    }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (colour: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = colour.map((part) =>
      part <= 10.31 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: readonly number[], other: readonly number[]): number => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const backgroundsOf = (element: Element): string[] => {
    const layers: string[] = [];
    for (let box: Element | null = element; box !== null && box !== stage; box = box.parentElement) {
      layers.unshift(getComputedStyle(box).backgroundColor);
    }
    return layers;
  };
  /** The gradient of the stage, or a white picture under the veil of a preview that fills it. */
  const grounds = (): string[][] => {
    const veil = stage.matches('.mirror') ? ['rgb(11 13 18 / 76%)'] : [];
    if (stage.matches('.picture, .mirror'))
      return [
        ['white', ...veil],
        ['black', ...veil],
      ];
    return [...getComputedStyle(stage).backgroundImage.matchAll(/(?:rgb|oklab|oklch|color)\([^)]*\)/g)].map(
      ([colour]) => [colour],
    );
  };
  const poor: string[] = [];
  for (const element of stage.querySelectorAll<HTMLElement>('h1, p, .word, .line span, button.tonal')) {
    if (!element.checkVisibility() || element.closest('.unseen') || element.closest('.bubble')) continue;
    for (const ground of grounds()) {
      const behind = [...ground, ...backgroundsOf(element)];
      const reached = contrast(blend([...behind, getComputedStyle(element).color]), blend(behind));
      if (reached < least)
        poor.push(`'${element.textContent?.trim().slice(0, 30)}' has ${reached.toFixed(2)} on ${behind.join(' + ')}`);
    }
  }
  return poor;
}

describe('text on the call screen', () => {
  let host: PhoneStatesHost;
  before(async () => {
    host = await startPhoneStates(8613);
  });
  after(() => host.close());

  for (const scheme of ['light', 'dark'] as const) {
    for (const state of states) {
      test(`has a contrast of 7 to 1 in ${state}, ${scheme}`, async () => {
        await host.look({ width: 390, height: 844, scheme });
        await host.show(state);
        assert.deepEqual(await host.page.evaluate(poorTexts, enhanced), []);
      });
    }
  }
});
