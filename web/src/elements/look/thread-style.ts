import { css } from 'lit';

/** Style of the open conversation: bubbles of both sides, what lies over them, and the questions below. */
export const threadStyle = css`
  sylk-thread {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;

    .news {
      display: flex;
      align-items: center;
      gap: 8px;
      padding: 8px 16px;
      background: var(--_warning-tint);
      color: var(--_warning-text);
    }

    .news .icon {
      inline-size: 20px;
      block-size: 20px;
    }

    .typing {
      min-block-size: 24px;
      padding-inline: 16px;
    }

    .panel {
      display: grid;
      gap: 12px;
      padding: 16px;
      border-block-start: 1px solid var(--_line);
      background: var(--_raised);
    }
  }

  sylk-message-log {
    position: relative;
    display: block;
    flex: 1;
    min-block-size: 0;

    .log {
      block-size: 100%;
      overflow: auto;
      overflow-anchor: none;
      padding: 16px;
      scrollbar-width: thin;
      scrollbar-color: var(--_edge) transparent;
    }

    .log:focus-visible {
      outline-offset: -3px;
    }

    ol {
      margin: 0;
      padding: 0;
      list-style: none;
      contain-intrinsic-block-size: auto 3000px;
    }

    ol.far {
      content-visibility: auto;
    }

    .beginning {
      text-align: center;
      padding-block: 24px 8px;
    }

    .message {
      padding-block-start: 12px;
    }

    .message.goes-on {
      padding-block-start: 2px;
    }

    .day {
      inline-size: fit-content;
      margin: 12px auto 8px;
      padding: 2px 12px;
      border-radius: 999px;
      background: var(--_hush);
      font-weight: 600;
      letter-spacing: 0;
    }

    .new-ones {
      display: flex;
      align-items: center;
      gap: 8px;
      margin-block: 8px;
      color: var(--_accent-text);
      font-weight: 600;
    }

    .new-ones::before,
    .new-ones::after {
      content: '';
      flex: 1;
      border-block-start: 1px solid currentColor;
    }

    .line {
      display: flex;
      align-items: center;
      gap: 4px;
    }

    .outgoing .line {
      flex-direction: row-reverse;
    }

    .bubble {
      max-inline-size: min(560px, calc(100% - 48px));
      padding: 8px 12px;
      border-radius: 16px;
      border-end-start-radius: 4px;
      background: var(--_raised);
      box-shadow: 0 1px 2px rgb(12 16 28 / 10%);
    }

    .outgoing .bubble {
      border-end-start-radius: 16px;
      border-end-end-radius: 4px;
      background: var(--_tint);
    }

    .found .bubble {
      outline: 3px solid var(--_accent-text);
    }

    .text {
      overflow-wrap: anywhere;
      white-space: pre-wrap;
      text-wrap: wrap;
      min-inline-size: 0;
    }

    .text[dir] {
      text-align: start;
    }

    .text.huge {
      font-size: 40px;
      line-height: 1.2;
    }

    .rich {
      white-space: normal;
      overflow: auto;
      max-block-size: 480px;
    }

    .rich :is(p, ul, ol, pre, blockquote) {
      margin-block: 0 8px;
    }

    .rich :is(h1, h2, h3, h4, h5, h6) {
      font-size: 16px;
    }

    .rich :is(ul, ol) {
      padding-inline-start: 24px;
      list-style: revert;
    }

    .file {
      display: flex;
      gap: 8px;
    }

    .picture {
      display: block;
      max-inline-size: 100%;
      max-block-size: 320px;
      border-radius: 8px;
    }

    a {
      color: var(--_accent-text);
    }

    .meta {
      display: flex;
      align-items: center;
      justify-content: end;
      gap: 4px;
      font-size: 14px;
      line-height: 1.2;
      color: var(--_soft);
    }

    .more {
      opacity: 0;
    }

    :is(.message:hover, .more:focus-visible, .more[aria-expanded='true']) .more,
    .more:is(:focus-visible, [aria-expanded='true']) {
      opacity: 1;
    }

    .actions {
      display: grid;
      gap: 4px;
      justify-items: start;
      padding-block: 8px;
    }

    .outgoing .actions {
      justify-items: end;
    }

    .actions .button {
      min-block-size: 44px;
      padding-inline: 16px;
      font-size: 14px;
    }

    .actions .icon {
      inline-size: 20px;
      block-size: 20px;
    }

    .latest {
      position: absolute;
      inset-block-end: 8px;
      inset-inline-end: 16px;
      background: var(--_raised);
      box-shadow: var(--_shadow-high);
    }

    .latest:hover:enabled {
      background: var(--_tint);
    }
  }

  .state .icon {
    inline-size: 18px;
    block-size: 18px;
    vertical-align: -4px;
  }

  .state.displayed {
    color: var(--_accent-text);
  }

  .state:is(.failed, .error) {
    color: var(--_danger-text);
  }

  /* Touch screens have no pointer that hovers. */
  @media (hover: none) {
    sylk-message-log .more {
      opacity: 1 !important;
    }
  }

  @container phone (max-width: 479px) {
    sylk-thread .wide-only {
      display: none;
    }
  }
`;
