import { loadMessages } from '../../web/src/elements/messages/languages.ts';
import '../../web/src/elements/sylk-phone.ts';
import { FakePhoneStore } from './fake-phone-store.ts';
import { phoneStates } from './phone-states.ts';

/** What the page with the scripted phone offers to a test. */
export interface PhoneStatesPage {
  /** Puts a phone in this state into the page. */
  show(name: string): Promise<void>;
  /** Lets the phone that is there come into this state, as if something had happened. */
  turnInto(name: string): void;
  readonly store: FakePhoneStore | undefined;
}

declare global {
  interface Window {
    phoneStates: PhoneStatesPage;
  }
}

/** A moving picture of a person, as far as two circles and a gradient go. */
function drawPerson(width: number, height: number, hue: number): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('this browser has no 2d canvas');
  const draw = (): void => {
    const wall = pen.createLinearGradient(0, 0, width, height);
    wall.addColorStop(0, `hsl(${hue} 32% 72%)`);
    wall.addColorStop(1, `hsl(${hue + 40} 28% 42%)`);
    pen.fillStyle = wall;
    pen.fillRect(0, 0, width, height);
    const unit = Math.min(width, height);
    pen.fillStyle = `hsl(${hue + 200} 26% 34%)`;
    pen.beginPath();
    pen.ellipse(width / 2, height * 1.05, unit * 0.42, unit * 0.4, 0, 0, Math.PI * 2);
    pen.fill();
    pen.fillStyle = 'hsl(26 44% 72%)';
    pen.beginPath();
    pen.ellipse(width / 2, height * 0.46, unit * 0.17, unit * 0.22, 0, 0, Math.PI * 2);
    pen.fill();
    pen.fillStyle = 'hsl(24 30% 24%)';
    pen.beginPath();
    pen.ellipse(width / 2, height * 0.46 - unit * 0.1, unit * 0.18, unit * 0.14, 0, Math.PI, 0);
    pen.fill();
  };
  draw();
  setInterval(draw, 200);
  return canvas.captureStream(5);
}

let store: FakePhoneStore | undefined;
const remote = drawPerson(1280, 720, 205);
const camera = drawPerson(640, 480, 28);
const silence = new AudioContext().createMediaStreamDestination().stream;
const local = new MediaStream([...camera.getTracks(), ...silence.getTracks()]);

async function show(name: string): Promise<void> {
  const script = phoneStates[name];
  if (script === undefined) throw new Error(`no phone state is called '${name}'`);
  document.querySelector('sylk-phone')?.remove();
  const streams = { local: script.isListening ? camera : local, remote: script.isBlank ? new MediaStream() : remote };
  store = new FakePhoneStore(script.snapshot, () => streams);
  const phone = document.createElement('sylk-phone');
  phone.store = store;
  phone.addressBook = true;
  phone.messages = await loadMessages(script.language ?? 'en');
  for (const [attribute, value] of Object.entries(script.attributes ?? {})) phone.setAttribute(attribute, value);
  phone.text = script.text ?? '';
  document.body.append(phone);
  await settle(phone);
  for (const part of script.press ?? []) await press(phone, part);
}

/** Waits until the element and those inside it have drawn. */
async function settle(phone: HTMLElementTagNameMap['sylk-phone']): Promise<void> {
  await phone.updateComplete;
  await new Promise((resolve) => setTimeout(resolve, 20));
}

async function press(phone: HTMLElementTagNameMap['sylk-phone'], part: string): Promise<void> {
  const controls = [...phone.renderRoot.querySelectorAll<HTMLElement>(`[part~="${part}"]`)];
  const control = controls.find((element) => element.checkVisibility());
  // On a wide phone the own address is open already.
  if (control === undefined && part === 'open-address') return;
  if (control === undefined) throw new Error(`nothing to press: no visible part '${part}'`);
  control.click();
  await settle(phone);
}

function turnInto(name: string): void {
  const script = phoneStates[name];
  if (script === undefined) throw new Error(`no phone state is called '${name}'`);
  store?.show(script.snapshot);
}

window.phoneStates = {
  show,
  turnInto,
  get store() {
    return store;
  },
};
