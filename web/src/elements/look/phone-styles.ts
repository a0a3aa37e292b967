import type { CSSResult } from 'lit';
import { addressFateStyle } from '../sylk-address-fate.ts';
import { addressFormStyle } from '../sylk-address-form.ts';
import { blockedStyle } from '../sylk-blocked.ts';
import { blockedNetworkStyle } from '../sylk-blocked-network.ts';
import { composerStyle } from '../sylk-composer.ts';
import { controlsStyle } from '../sylk-controls.ts';
import { devicesStyle } from '../sylk-devices.ts';
import { dialStyle } from '../sylk-dial.ts';
import { endedStyle } from '../sylk-ended.ts';
import { incomingStyle } from '../sylk-incoming.ts';
import { keypadStyle } from '../sylk-keypad.ts';
import { noticesStyle } from '../sylk-notices.ts';
import { outgoingStyle } from '../sylk-outgoing.ts';
import { permissionStyle } from '../sylk-permission.ts';
import { placeStyle } from '../sylk-place.ts';
import { qualityStyle } from '../sylk-quality.ts';
import { reachStyle } from '../sylk-reach.ts';
import { recentsStyle } from '../sylk-recents.ts';
import { sheetStyle } from '../sylk-sheet.ts';
import { timerStyle } from '../sylk-timer.ts';
import { transferStyle } from '../sylk-transfer.ts';
import { videoStyle } from '../sylk-video.ts';
import { callStyle } from './call-style.ts';
import { chatStyle } from './chat-style.ts';
import { controls } from './controls.ts';
import { frame } from './frame.ts';
import { ownAddressStyle } from './own-address-style.ts';
import { theme } from './theme.ts';
import { threadStyle } from './thread-style.ts';

/** All style sheets of the one shadow root: the common ones, then one for each inner element. */
export const phoneStyles: CSSResult[] = [
  theme,
  controls,
  frame,
  controlsStyle,
  dialStyle,
  recentsStyle,
  addressFormStyle,
  ownAddressStyle,
  addressFateStyle,
  blockedStyle,
  blockedNetworkStyle,
  permissionStyle,
  outgoingStyle,
  callStyle,
  keypadStyle,
  transferStyle,
  devicesStyle,
  incomingStyle,
  endedStyle,
  placeStyle,
  noticesStyle,
  reachStyle,
  sheetStyle,
  timerStyle,
  qualityStyle,
  videoStyle,
  chatStyle,
  threadStyle,
  composerStyle,
];
