import { css } from 'lit';

/**
 * Colours, sizes and spacing. The five `--sylk-*` properties are the public ones; everything else follows from them,
 * so that a site that sets one accent or surface gets matching lines, tints and focus rings in both schemes.
 * Private names start with `--_`. Sizes are 14, 16, 20, 28 and 40 px on a grid of 8 px.
 */
export const theme = css`
  :host {
    color-scheme: light dark;
    --_accent: var(--sylk-accent, light-dark(#2f4bc7, #9dacff));
    --_surface: var(--sylk-surface, light-dark(#ffffff, #1b1e25));
    --_text: var(--sylk-text, light-dark(#11141b, #f2f4f8));
    --_radius: var(--sylk-radius, 12px);
    --_font: var(--sylk-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);

    --_ground: light-dark(
      color-mix(in oklab, color-mix(in oklab, var(--_surface), var(--_text) 3%), var(--_accent) 3%),
      color-mix(in oklab, var(--_surface), black 26%)
    );
    --_raised: light-dark(var(--_surface), color-mix(in oklab, var(--_surface), white 5%));
    --_soft: color-mix(in oklab, var(--_text) 74%, var(--_surface));
    --_line: color-mix(in oklab, var(--_text) 11%, transparent);
    --_edge: color-mix(in oklab, var(--_text) 52%, var(--_surface));
    --_tint: light-dark(color-mix(in oklab, var(--_accent) 11%, var(--_surface)), color-mix(in oklab, var(--_accent) 24%, var(--_surface)));
    --_tint-hover: light-dark(color-mix(in oklab, var(--_accent) 19%, var(--_surface)), color-mix(in oklab, var(--_accent) 34%, var(--_surface)));
    --_hush: color-mix(in oklab, var(--_text) 9%, transparent);
    --_hush-hover: color-mix(in oklab, var(--_text) 15%, transparent);
    /* Black or white, whichever reads better on the accent. */
    --_on-accent: oklch(from var(--_accent) clamp(0, (0.66 - l) * 1000, 1) 0 0);
    --_accent-hover: color-mix(in oklab, var(--_accent), var(--_text) 16%);
    --_accent-text: light-dark(
      oklch(from var(--_accent) min(l, 0.46) c h),
      oklch(from var(--_accent) max(l, 0.76) c h)
    );
    --_danger-text: light-dark(#a61b1b, #ffa39b);
    --_danger-tint: light-dark(#fdeceb, #3a1d1f);
    --_danger: #c62f2f;
    --_answer: #1c7c3f;
    --_warning-text: light-dark(#6d4500, #ffd48a);
    --_warning-tint: light-dark(#fdf1dc, #332813);
    --_good: light-dark(#1c7c3f, #5fd08a);
    --_shadow: 0 1px 2px rgb(12 16 28 / 6%), 0 4px 16px rgb(12 16 28 / 6%);
    --_shadow-high: 0 2px 8px rgb(12 16 28 / 12%), 0 16px 48px rgb(12 16 28 / 22%);
    --_quick: 160ms cubic-bezier(0.2, 0.7, 0.3, 1);

    color: var(--_text);
    background: var(--_ground);
    font: 400 16px / 1.5 var(--_font);
    -webkit-tap-highlight-color: transparent;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  figure {
    margin: 0;
    padding: 0;
  }

  h1,
  h2,
  h3 {
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.012em;
    text-wrap: balance;
  }

  ul {
    list-style: none;
  }

  p {
    text-wrap: pretty;
  }

  .soft {
    color: var(--_soft);
  }

  .small {
    font-size: 14px;
  }

  .address {
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }

  /* Read in its own direction, but set on the side where the rest begins. */
  [dir] {
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }

  input[dir] {
    text-align: start;
  }

  .ellipsis {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .icon {
    inline-size: 24px;
    block-size: 24px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .icon .filled {
    fill: currentColor;
    stroke: none;
  }

  .icon-hangup path {
    fill: currentColor;
  }

  :host(:dir(rtl)) :is(.icon-chevron, .icon-outgoing, .icon-incoming, .icon-missed, .icon-back, .icon-send) {
    transform: scaleX(-1);
  }

  :focus-visible {
    outline: 3px solid var(--_accent-text);
    outline-offset: 2px;
  }

  /* Headings and panels take the focus only so that reading goes on there; nothing can be done with it. */
  [tabindex='-1']:focus-visible {
    outline: none;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
