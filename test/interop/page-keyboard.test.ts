import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { phoneStates } from '../fakes/phone-states.ts';
import { type PhoneStatesHost, startPhoneStates } from '../peers/phone-states-host.ts';

/** Runs in the page: gives each control that can be reached a number, in reading order, and says what they are. */
function numberControls(): string[] {
  const root = document.querySelector('sylk-phone')?.shadowRoot;
  const all =
    root?.querySelectorAll<HTMLElement>(
      'button:enabled, a[href], input, textarea, select:enabled, summary, [tabindex="0"]',
    ) ?? [];
  // The actions of messages are reached by the arrows: ten thousand of them are not in the way of Tab.
  const reachable = [...all].filter(
    (element) =>
      element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]') && element.tabIndex >= 0,
  );
  for (const [index, element] of reachable.entries()) element.dataset.order = String(index);
  return reachable.map((element) => `${element.localName} ${element.getAttribute('part') ?? ''}`);
}

/** Runs in the page: the number of the control with the focus, and whether one can see that it has it. */
function focused(): { order: string; isSeen: boolean } {
  const element = document.querySelector('sylk-phone')?.shadowRoot?.activeElement;
  if (!(element instanceof HTMLElement)) return { order: '', isSeen: true };
  const marks = [element, ...element.querySelectorAll('.disc')].map((mark) => getComputedStyle(mark).outlineStyle);
  return { order: element.dataset.order ?? '', isSeen: marks.some((outline) => outline !== 'none') };
}

describe('by keyboard alone', () => {
  let host: PhoneStatesHost;
  const asked = () => host.page.evaluate(() => window.phoneStates.store?.asked ?? []);
  const press = async (...keys: readonly Parameters<PhoneStatesHost['page']['keyboard']['press']>[0][]) => {
    for (const key of keys) await host.page.keyboard.press(key);
  };
  const focusOn = (part: string) =>
    host.page.evaluate((name) => {
      const controls =
        document.querySelector('sylk-phone')?.shadowRoot?.querySelectorAll<HTMLElement>(`[part~="${name}"]`) ?? [];
      [...controls].find((control) => control.checkVisibility())?.focus();
    }, part);
  const state = () => host.page.evaluate(() => document.querySelector('sylk-phone')?.getAttribute('state'));
  const hasPart = (part: string) =>
    host.page.evaluate(
      (name) =>
        document.querySelector('sylk-phone')?.shadowRoot?.querySelector(`[part~="${name}"]`)?.checkVisibility() ??
        false,
      part,
    );

  before(async () => {
    host = await startPhoneStates(8612);
  });
  beforeEach(() => host.look({ width: 390, height: 844, scheme: 'light' }));
  after(() => host.close());

  for (const name of Object.keys(phoneStates)) {
    test(`in ${name} Tab visits every control in reading order, and one sees where it is`, async () => {
      await host.show(name);
      const controls = await host.page.evaluate(numberControls);
      const visited: string[] = [];
      for (let step = 0; step < controls.length + 2; step += 1) {
        await press('Tab');
        const { order, isSeen } = await host.page.evaluate(focused);
        if (order === '') continue;
        assert.ok(isSeen, `no focus ring on ${controls[Number(order)]}`);
        if (!visited.includes(order)) visited.push(order);
      }
      const first = Math.max(0, visited.indexOf('0'));
      const fromFirst = [...visited.slice(first), ...visited.slice(0, first)];
      assert.deepEqual(
        fromFirst,
        controls.map((_, index) => String(index)),
        controls.join(', '),
      );
    });
  }

  test('an address is typed and called with Enter', async () => {
    await host.show('first-visit');
    await focusOn('address-field');
    await host.page.keyboard.type('bob@example.org');
    await press('Enter');
    assert.deepEqual(await asked(), [{ action: 'call', args: ['bob@example.org', { audio: true, video: false }] }]);
  });

  test('the video button is two stops from the field', async () => {
    await host.show('first-visit');
    await focusOn('address-field');
    await host.page.keyboard.type('bob@example.org');
    await press('Tab', 'Tab', 'Tab', 'Enter');
    assert.deepEqual(await asked(), [{ action: 'call', args: ['bob@example.org', { audio: true, video: true }] }]);
  });

  test('an unfinished address is explained, not called, and stays', async () => {
    await host.show('connecting');
    await focusOn('address-field');
    await host.page.keyboard.type('bob');
    await press('Enter');
    assert.deepEqual(await asked(), []);
    assert.equal(await hasPart('fault'), true);
    assert.equal(await host.page.evaluate(() => document.querySelector('sylk-phone')?.text), 'bob');
  });

  test('down goes to the people called lately, Enter takes one into the field', async () => {
    await host.show('settled');
    await focusOn('address-field');
    await press('ArrowDown', 'ArrowDown', 'Enter');
    assert.equal(await host.page.evaluate(() => document.querySelector('sylk-phone')?.text), 'mary@work.example');
  });

  test('M, V, H mute, stop the camera and hold; K opens the keypad and Esc only closes it', async () => {
    await host.show('video-call');
    await press('m', 'v', 'h', 'h', 'k');
    await host.page.waitForFunction(() =>
      document.querySelector('sylk-phone')?.shadowRoot?.activeElement?.matches('.key'),
    );
    await press('5', 'Escape', 'Escape', 'm');
    assert.deepEqual(await asked(), [
      { action: 'mute', args: ['call-1', true] },
      { action: 'camera', args: ['call-1', false] },
      { action: 'hold', args: ['call-1', true] },
      { action: 'hold', args: ['call-1', false] },
      { action: 'sendDtmf', args: ['call-1', '5'] },
      { action: 'mute', args: ['call-1', false] },
    ]);
    assert.equal(await hasPart('sheet'), false);
  });

  test('single keys can be switched off', async () => {
    await host.show('devices');
    await focusOn('shortcuts');
    await press('Space', 'Escape', 'm');
    assert.deepEqual(await asked(), []);
    await focusOn('devices');
    await press('Enter');
    await focusOn('shortcuts');
    await press('Space');
  });

  test('closing a sheet gives the focus back to what opened it', async () => {
    await host.show('audio-call');
    await focusOn('devices');
    await press('Enter');
    await host.page.waitForFunction(() =>
      document.querySelector('sylk-phone')?.shadowRoot?.activeElement?.matches('.panel'),
    );
    await press('Escape');
    await host.page.waitForFunction(
      () => document.querySelector('sylk-phone')?.shadowRoot?.activeElement?.getAttribute('part') === 'devices',
    );
  });

  test('an incoming call is two stops from its sheet, and Esc does not decline it', async () => {
    await host.show('incoming-video');
    await host.page.waitForFunction(() =>
      document.querySelector('sylk-phone')?.shadowRoot?.activeElement?.matches('.panel'),
    );
    await press('Escape');
    assert.equal(await state(), 'incoming');
    await press('Tab', 'Tab', 'Enter');
    assert.deepEqual(await asked(), [{ action: 'answer', args: ['call-2', { video: true }] }]);
    assert.equal(await state(), 'established');
  });

  test('a call that comes in takes no focus from somebody who types', async () => {
    await host.show('settled');
    await focusOn('address-field');
    await host.page.keyboard.type('bo');
    await host.page.evaluate(() => window.phoneStates.turnInto('incoming-audio'));
    await host.page.keyboard.type('b');
    assert.equal(await host.page.evaluate(() => document.querySelector('sylk-phone')?.text), 'bob');
    assert.equal(await state(), 'incoming');
  });

  test('what was typed is still there after a call', async () => {
    await host.show('settled');
    await focusOn('address-field');
    await host.page.keyboard.type('carol');
    await host.page.evaluate(() => window.phoneStates.turnInto('audio-call'));
    await host.page.evaluate(() => window.phoneStates.turnInto('settled'));
    assert.equal(
      await host.page.evaluate(() => document.querySelector('sylk-phone')?.shadowRoot?.querySelector('input')?.value),
      'carol',
    );
  });

  test('a permanent address takes two fields', async () => {
    await host.show('choosing-name');
    await host.page.keyboard.type('alice');
    await press('Tab');
    await host.page.keyboard.type('correct horse');
    await press('Enter');
    assert.deepEqual(await asked(), [
      { action: 'getAddress', args: [{ lifetime: 'permanent', name: 'alice', password: 'correct horse' }] },
    ]);
  });

  test('whoever calls can be blocked, and allowed again in the list', async () => {
    await host.show('incoming-video');
    await focusOn('block');
    await press('Enter');
    assert.equal(await state(), 'idle');
    await host.show('blocked');
    await focusOn('unblock');
    await press('Enter');
    await host.page.waitForFunction(() => {
      const root = document.querySelector('sylk-phone')?.shadowRoot;
      return (
        root?.querySelectorAll('[part=unblock]').length === 2 && root.activeElement?.getAttribute('part') === 'unblock'
      );
    });
    assert.deepEqual(await asked(), [{ action: 'unblock', args: ['mary@work.example'] }]);
  });

  test('signing out and deleting are asked about first, and thinking better of it leads back', async () => {
    await host.show('address-permanent');
    await focusOn('forget-address');
    await press('Enter', 'Tab', 'Tab', 'Enter');
    await host.page.waitForFunction(
      () => document.querySelector('sylk-phone')?.shadowRoot?.activeElement?.getAttribute('part') === 'forget-address',
    );
    assert.deepEqual(await asked(), []);
    await focusOn('sign-out');
    await press('Enter', 'Tab', 'Enter');
    assert.deepEqual(await asked(), [{ action: 'signOut', args: [] }]);
    await host.show('address-delete');
    await press('Tab', 'Enter');
    assert.deepEqual(await asked(), [{ action: 'forgetAddress', args: [] }]);
  });

  test('the end of a call can be looked into and left', async () => {
    await host.show('ended-ok');
    await focusOn('details-summary');
    await press('Enter');
    await host.page.waitForFunction(
      () => document.querySelector('sylk-phone')?.shadowRoot?.querySelector('pre') !== null,
    );
    await focusOn('done');
    await press('Enter');
    assert.deepEqual(await asked(), [
      { action: 'ladder', args: ['call-1'] },
      { action: 'dismissEnded', args: [] },
    ]);
    assert.equal(await state(), 'idle');
  });
});
