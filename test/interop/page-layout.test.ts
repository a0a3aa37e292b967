import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { phoneStates } from '../fakes/phone-states.ts';
import { type Look, type PhoneStatesHost, startPhoneStates } from '../peers/phone-states-host.ts';

const looks: readonly Look[] = [
  { width: 320, height: 640, scheme: 'light' },
  { width: 280, height: 400, scheme: 'light' },
  // 1280x1024 at a zoom of 400 %.
  { width: 320, height: 256, scheme: 'light' },
  // 1440x900 at 200 %.
  { width: 720, height: 450, scheme: 'light' },
  { width: 390, height: 844, scheme: 'light' },
];

/** Smallest side of anything to press, in CSS px. */
const minTarget = 44;

/** Runs in the page: controls that stick out at a side or are smaller than a finger, and sheets that stick out of the phone. */
function measure(smallest: number): { wide: string[]; small: string[]; tall: string[] } {
  const root = document.querySelector('sylk-phone')?.shadowRoot;
  const main = root?.querySelector('main');
  const wide: string[] = [];
  const small: string[] = [];
  const sheets = [...(root?.querySelectorAll('sylk-sheet .panel, sylk-incoming .panel') ?? [])];
  const frame = root?.host.getBoundingClientRect();
  const tall = sheets
    .map((sheet) => sheet.getBoundingClientRect())
    .filter(({ top, bottom }) => frame !== undefined && (top < frame.top - 0.5 || bottom > frame.bottom + 0.5))
    .map(({ top, bottom }) => `a sheet from ${top} to ${bottom}`);
  if (main && main.scrollWidth > main.clientWidth)
    wide.push(`main is ${main.scrollWidth} px in ${main.clientWidth} px`);
  for (const element of root?.querySelectorAll<HTMLElement>('button, input, select, summary, a, h1, h2, p') ?? []) {
    // The row of the switch is its target; what only screen readers meet has no size.
    if (!element.checkVisibility() || element.closest('.unseen')) continue;
    const target = element.closest<HTMLElement>('label.switch') ?? element;
    const { left, right, width, height } = target.getBoundingClientRect();
    const name = `${element.localName} '${element.getAttribute('part') ?? element.textContent?.trim().slice(0, 30)}'`;
    if (left < -0.5 || right > window.innerWidth + 0.5) wide.push(`${name} from ${left} to ${right}`);
    // Links within what somebody has written are as high as the line (WCAG 2.2, 2.5.8: inline).
    const isControl = element.matches('button, input, select, summary, a') && !element.closest('.text');
    if (isControl && (width < smallest || height < smallest)) small.push(`${name} is ${width} x ${height}`);
  }
  return { wide, small, tall };
}

describe('the page in little room', () => {
  let host: PhoneStatesHost;
  before(async () => {
    host = await startPhoneStates(8611);
  });
  after(() => host.close());

  for (const look of looks) {
    for (const state of Object.keys(phoneStates)) {
      test(`${state} fits ${look.width}x${look.height}, and every control a finger`, async () => {
        await host.look(look);
        await host.show(state);
        assert.deepEqual(await host.page.evaluate(measure, minTarget), { wide: [], small: [], tall: [] });
      });
    }
  }
});
