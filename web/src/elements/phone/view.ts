import { html, nothing, type TemplateResult } from 'lit';
import type { ChatActions } from '../../store/chat/chat-snapshot.ts';
import type { CallView, Notice, PhoneSnapshot } from '../../store/snapshot.ts';
import { brand } from '../look/brand.ts';
import { icon } from '../look/icons.ts';
import type { Messages } from '../messages/en.ts';
import { RequestEvent, type SheetName } from '../request.ts';
import { assertiveText, politeText } from '../state/announce.ts';
import { noticesOf } from '../state/notices.ts';
import { bigCall, incomingCalls, otherCalls, type Screen, screenOf } from '../state/screen.ts';
import type { Details } from '../sylk-ended.ts';
import '../sylk-blocked.ts';
import '../sylk-call.ts';
import '../sylk-chat.ts';
import '../sylk-devices.ts';
import '../sylk-dial.ts';
import '../sylk-ended.ts';
import '../sylk-incoming.ts';
import '../sylk-keypad.ts';
import '../sylk-notices.ts';
import '../sylk-outgoing.ts';
import '../sylk-own-address.ts';
import '../sylk-permission.ts';
import '../sylk-place.ts';
import '../sylk-reach.ts';
import '../sylk-recents.ts';
import '../sylk-sheet.ts';
import '../sylk-sound.ts';
import '../sylk-transfer.ts';

/** All that the phone draws: the store's snapshot, and what only the view knows. */
export interface PhoneView {
  readonly snapshot: PhoneSnapshot;
  readonly messages: Messages;
  /** What is in the address field. */
  readonly text: string;
  readonly to: string | undefined;
  readonly offersAudio: boolean;
  readonly offersVideo: boolean;
  readonly hasAddressBook: boolean;
  readonly sheet: SheetName | undefined;
  readonly details: Details | undefined;
  /** Why the last call could not start. */
  readonly problem: string | undefined;
  /** A call that failed for want of a microphone, to be offered again in other ways. */
  readonly refused: { readonly uri: string; readonly video: boolean } | undefined;
  readonly ownNotices: readonly Notice[];
  readonly hasShortcuts: boolean;
  readonly isChatOpen: boolean;
  readonly find: ChatActions['findMessages'];
  readonly canShare: boolean;
  readonly isSoundBlocked: boolean;
  readonly offersNotices: boolean;
  /** Origin that call links start with. */
  readonly origin: string;
  readonly secureUrl: string | undefined;
  /** Streams of the call on the big screen. */
  readonly streams: { readonly local: MediaStream | undefined; readonly remote: MediaStream | undefined };
}

/** Draws the whole phone. */
export function renderPhone(view: PhoneView): TemplateResult {
  const { snapshot, messages } = view;
  const screen = screenOf(snapshot);
  const sheet = screen.kind === 'call' || !inCallOnly.has(view.sheet) ? view.sheet : undefined;
  return html`<div class="frame" part="phone" lang=${messages.locale}>
    <div class="behind ${view.isChatOpen ? 'with-chat' : ''}" ?inert=${sheet !== undefined}>
      <main tabindex="-1" aria-label=${messages.phone.name}>${renderScreen(view, screen)}</main>
      ${renderChat(view, screen)}
    </div>
    ${renderIncoming(view)}
    ${sheet === undefined ? nothing : renderSheet(view, sheet)}
    <sylk-sound .stream=${view.streams.remote} .speaker=${snapshot.devices.speaker}></sylk-sound>
    <p class="unseen" role="status">${politeText(snapshot, messages)}</p>
    <p class="unseen" role="alert">${assertiveText(snapshot, messages)}</p>
  </div>`;
}

/** It stays in the tree once there is anything to show, so that nothing written is lost when it is closed. */
function renderChat(view: PhoneView, screen: Screen): TemplateResult | typeof nothing {
  const { snapshot, messages } = view;
  const isHidden = !view.isChatOpen || screen.kind === 'place';
  return html`<sylk-chat ?hidden=${isHidden} .messages=${messages} .chat=${snapshot.chat} .find=${view.find}
    .domain=${snapshot.domain} .ownAddress=${snapshot.own?.address} .isOnline=${snapshot.link === 'online'}
    .isInCall=${screen.kind === 'call' || screen.kind === 'outgoing'} .problem=${view.problem}></sylk-chat>`;
}

/** Sheets that make no sense without a call. */
const inCallOnly: ReadonlySet<SheetName | undefined> = new Set(['devices', 'keypad', 'transfer']);

/** The home screen stays in the tree behind every other one, so that nothing typed is ever lost. */
function renderScreen(view: PhoneView, screen: Screen): TemplateResult {
  const { snapshot, messages, streams } = view;
  const isHome = screen.kind === 'home' && view.refused === undefined;
  return html`
    <div class="page" ?hidden=${screen.kind === 'call' || screen.kind === 'outgoing'}>
      ${renderBar(view)}
      ${screen.kind === 'place' ? html`<sylk-place .messages=${messages} .problem=${screen.problem} .secureUrl=${view.secureUrl}></sylk-place>` : nothing}
      ${
        screen.kind === 'ended'
          ? html`<sylk-ended .messages=${messages} .ended=${screen.ended} .details=${view.details}
            .hasPage=${view.origin === location.origin}></sylk-ended>`
          : nothing
      }
      ${screen.kind === 'home' && view.refused !== undefined ? renderRefused(view, view.refused) : nothing}
      ${renderNews(view, isHome)}
      ${
        view.to === undefined
          ? renderHome(view, isHome)
          : html`<sylk-reach ?hidden=${!isHome} .messages=${messages} .uri=${view.to}
        .video=${view.offersVideo} .problem=${view.problem}></sylk-reach>`
      }
    </div>
    ${
      screen.kind === 'outgoing'
        ? html`<sylk-outgoing .messages=${messages} .call=${screen.call} .permission=${snapshot.permission}
      .local=${streams.local}></sylk-outgoing>`
        : nothing
    }
    ${
      screen.kind === 'call'
        ? html`<sylk-call .messages=${messages} .call=${screen.call} .others=${otherCalls(snapshot)} .local=${streams.local}
      .remote=${streams.remote} .canShare=${view.canShare} .canTransfer=${view.to === undefined} .isSoundBlocked=${view.isSoundBlocked}></sylk-call>`
        : nothing
    }
  `;
}

function renderBar({ snapshot, messages, to }: PhoneView): TemplateResult {
  const words = {
    online: undefined,
    connecting: messages.phone.connecting,
    reconnecting: messages.phone.reconnecting,
    offline: messages.phone.offline,
  };
  // What is wrong with the place says it better.
  const link = snapshot.place === undefined ? words[snapshot.link] : undefined;
  return html`<header class="bar" part="header">
    <slot name="logo">${brand()}</slot>
    <slot name="title"><h1>${messages.phone.title}</h1></slot>
    ${link === undefined ? nothing : html`<span class="link" part="link"><span class="dot"></span>${link}</span>`}
    ${to === undefined && snapshot.place !== 'insecure' && snapshot.place !== 'unsupported' ? renderChatButton(snapshot.chat.unread, messages) : nothing}
  </header>`;
}

function renderChatButton(unread: number, { chat: words }: Messages): TemplateResult {
  return html`<button type="button" class="icon-button open-chat" part="open-chat" aria-label=${words.open(unread)} title=${words.open(unread)}
    @click=${(event: Event) => event.target?.dispatchEvent(new RequestEvent({ kind: 'open-chat' }))}>${icon('chat')}${
      unread === 0 ? nothing : html`<span class="badge" aria-hidden="true">${unread > 99 ? '99+' : unread}</span>`
    }</button>`;
}

function renderNews(view: PhoneView, isHome: boolean): TemplateResult {
  const { snapshot, messages } = view;
  const { place } = snapshot;
  const isSmall = place === 'no-microphone' || place === 'offline' || place === 'server-gone';
  return html`
    ${isSmall && isHome ? html`<sylk-place .messages=${messages} .problem=${place}></sylk-place>` : nothing}
    <sylk-notices ?hidden=${!isHome} .messages=${messages} .notices=${noticesOf(snapshot, view.ownNotices)}></sylk-notices>
  `;
}

function renderHome(view: PhoneView, isHome: boolean): TemplateResult {
  const { snapshot, messages } = view;
  const recents = view.hasAddressBook ? snapshot.recents : [];
  return html`<div class="home" ?hidden=${!isHome}>
    <sylk-dial .messages=${messages} .text=${view.text} .ownDomain=${snapshot.domain} .offersAudio=${view.offersAudio}
      .offersVideo=${view.offersVideo} .offersEcho=${recents.length === 0} .problem=${view.problem}></sylk-dial>
    <sylk-own-address layout="card" .messages=${messages} .own=${snapshot.own} .isOnline=${snapshot.link === 'online'} .ownState=${snapshot.ownState} .domain=${snapshot.domain}
      .origin=${view.origin} .offersNotices=${view.offersNotices} .blockedCount=${snapshot.blocked.length} .isUndisturbed=${snapshot.isUndisturbed}></sylk-own-address>
    <sylk-recents .messages=${messages} .recents=${recents} .filter=${view.text}></sylk-recents>
  </div>`;
}

function renderRefused(view: PhoneView, refused: NonNullable<PhoneView['refused']>): TemplateResult {
  return html`<sylk-permission .messages=${view.messages} .person=${{ uri: refused.uri, displayName: '' }} .video=${refused.video}
    .permission=${view.snapshot.permission} .isOver=${true}></sylk-permission>`;
}

function renderIncoming({ snapshot, messages }: PhoneView): TemplateResult | typeof nothing {
  const call = incomingCalls(snapshot)[0];
  if (call === undefined) return nothing;
  return html`<sylk-incoming .messages=${messages} .call=${call} .isSecond=${bigCall(snapshot) !== undefined}></sylk-incoming>`;
}

function renderSheet(view: PhoneView, sheet: SheetName): TemplateResult {
  const { messages, snapshot } = view;
  const call = bigCall(snapshot);
  const headings = {
    address: messages.address.title,
    blocked: messages.blocked.title,
    devices: messages.devices.title,
    keypad: messages.keypad.title,
    transfer: messages.transfer.title,
  };
  return html`<sylk-sheet .messages=${messages} .heading=${headings[sheet]} .content=${renderSheetContent(view, sheet, call)}></sylk-sheet>`;
}

function renderSheetContent(view: PhoneView, sheet: SheetName, call: CallView | undefined): TemplateResult {
  const { messages, snapshot } = view;
  switch (sheet) {
    case 'address':
      return html`<sylk-own-address layout="sheet" .messages=${messages} .own=${snapshot.own} .isOnline=${snapshot.link === 'online'} .ownState=${snapshot.ownState}
        .domain=${snapshot.domain} .origin=${view.origin} .offersNotices=${view.offersNotices} .blockedCount=${snapshot.blocked.length} .isUndisturbed=${snapshot.isUndisturbed}></sylk-own-address>`;
    case 'blocked':
      return html`<sylk-blocked .messages=${messages} .blocked=${snapshot.blocked}></sylk-blocked>`;
    case 'devices':
      return html`<sylk-devices .messages=${messages} .devices=${snapshot.devices} .hasShortcuts=${view.hasShortcuts}></sylk-devices>`;
    case 'keypad':
      return html`<sylk-keypad .messages=${messages} .call=${call?.id ?? ''}></sylk-keypad>`;
    case 'transfer':
      return html`<sylk-transfer .messages=${messages} .call=${call} .others=${otherCalls(snapshot)}
        .recents=${view.hasAddressBook ? snapshot.recents : []} .ownDomain=${snapshot.domain}></sylk-transfer>`;
  }
}
