import { css } from 'lit';

/** Style of `sylk-call` and `sylk-outgoing`: the stage of a call, with or without a picture behind it. */
export const callStyle = css`
  sylk-call,
  sylk-outgoing {
    display: block;
    block-size: 100%;
  }

  .talk {
    position: relative;
    display: flex;
    flex-direction: column;
    min-block-size: 100%;
    padding: 16px;
    gap: 16px;
    overflow: hidden;
    /* Read at arm's length: text has a contrast of 7 to 1 here, soft and accented text included. */
    --_soft: color-mix(in oklab, var(--_text) 82%, var(--_surface));
    --_accent-text: light-dark(
      oklch(from var(--_accent) min(l, 0.4) c h),
      oklch(from var(--_accent) max(l, 0.86) calc(c * 0.6) h)
    );
    --_glow: light-dark(var(--_tint), color-mix(in oklab, var(--_accent) 12%, var(--_ground)));
    background: radial-gradient(130% 70% at 50% 0%, var(--_glow), var(--_ground) 75%);

    .top {
      position: relative;
      z-index: 1;
      display: flex;
      flex-direction: column;
      flex: 1;
      gap: 16px;
    }

    .news {
      display: grid;
      justify-items: center;
      gap: 8px;
    }

    .line {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: center;
      gap: 4px 12px;
      max-inline-size: 100%;
      min-block-size: 44px;
      padding: 4px 16px;
      border-radius: 22px;
      background: var(--_raised);
      box-shadow: var(--_shadow);
      font-size: 14px;
      font-weight: 600;
      animation: drop var(--_quick);
    }

    .line.warning {
      background: var(--_warning-tint);
      color: var(--_warning-text);
    }

    p.line {
      flex-wrap: nowrap;
    }

    .line .icon {
      inline-size: 20px;
      block-size: 20px;
    }

    .line .button {
      min-block-size: 44px;
      padding-inline: 16px;
      border-radius: 22px;
      font-size: 14px;
    }

    .who {
      display: grid;
      justify-items: center;
      align-content: center;
      flex: 1;
      gap: 24px;
      text-align: center;
    }

    .names {
      display: grid;
      justify-items: center;
      gap: 4px;
      max-inline-size: 100%;
    }

    h1 {
      font-size: 28px;
      outline: none;
      max-inline-size: 100%;
      overflow-wrap: anywhere;
    }

    h1.address {
      font-size: 20px;
    }

    .state {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      min-block-size: 44px;
      font-size: 20px;
    }

    sylk-controls {
      position: relative;
      z-index: 1;
      padding-block-end: 8px;
    }

    .preview {
      position: absolute;
      z-index: 1;
      inset-block-start: 84px;
      inset-inline-end: 16px;
      inline-size: 104px;
      aspect-ratio: 3 / 4;
      border-radius: var(--_radius);
      box-shadow: var(--_shadow-high), 0 0 0 1px rgb(255 255 255 / 22%);
    }

    /* The far side's picture is promised, but none has arrived yet. */
    .waiting {
      position: absolute;
      inset: 0;
      display: none;
      place-items: center;
    }

    .remote[blank] + .waiting {
      display: grid;
    }

    .remote,
    .backdrop {
      position: absolute;
      inset: 0;
    }
  }

  .talk.picture {
    color-scheme: dark;
    --sylk-surface: #1b1e25;
    --_surface: #1b1e25;
    --_text: #ffffff;
    --_soft: #eef0f4;
    --_disc: rgb(255 255 255 / 15%);
    --_disc-hover: rgb(255 255 255 / 26%);
    color: var(--_text);
    background: #0b0d12;

    .fades {
      transition: opacity var(--_quick);
    }

    .who {
      display: flex;
      flex: none;
      text-align: start;
      justify-content: flex-start;
    }

    .names {
      justify-items: start;
      padding: 8px 16px;
      border-radius: 16px;
      background: rgb(14 17 24 / 80%);
    }

    h1 {
      font-size: 16px;
    }

    .names .address.soft {
      display: none;
    }

    .state {
      font-size: 14px;
      min-block-size: 24px;
    }

    .state sylk-quality .bars {
      margin-block: -10px;
    }

    .controls {
      inline-size: fit-content;
      padding: 16px 8px 12px;
      border-radius: 28px;
      background: rgb(14 17 24 / 80%);
    }
  }

  .talk.picture.resting {
    cursor: none;

    .fades:not(:focus-within) {
      opacity: 0;
    }
  }

  @keyframes drop {
    from { transform: translateY(-8px); opacity: 0; }
  }

  @container phone (min-width: 600px) {
    .talk .preview {
      inset-block-start: auto;
      inset-block-end: 24px;
      inset-inline-end: 24px;
      inline-size: 208px;
      aspect-ratio: 4 / 3;
    }
  }

  @container phone (min-width: 600px) and (max-width: 1099px) {
    .talk .preview {
      inset-block-end: 144px;
    }
  }

  @container phone (max-width: 359px) {
    .talk.picture .controls {
      padding: 8px 0 4px;
    }
  }

  @container phone (max-height: 719px) {
    .talk .avatar.big {
      inline-size: 80px;
      block-size: 80px;
      font-size: 28px;
    }
  }

  @container phone (max-height: 519px) {
    .talk {
      padding: 8px;
      gap: 8px;
    }

    .talk .who {
      gap: 8px;
    }

    .talk .avatar.big {
      display: none;
    }

    .talk h1 {
      font-size: 20px;
    }

    .talk .preview {
      inset-block-start: 8px;
      inset-block-end: auto;
      inset-inline-end: 8px;
      inline-size: 72px;
      aspect-ratio: 3 / 4;
    }
  }
`;
