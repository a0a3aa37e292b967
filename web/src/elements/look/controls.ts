import { css } from 'lit';

/** Buttons, fields and cards that several elements share. Every target is at least 44 px in both directions. */
export const controls = css`
  button,
  input,
  select {
    font: inherit;
    color: inherit;
    margin: 0;
  }

  button {
    cursor: pointer;
    border: 0;
    background: none;
    padding: 0;
    text-align: start;
  }

  button:disabled {
    cursor: default;
    opacity: 0.55;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: 48px;
    padding: 8px 20px;
    border-radius: var(--_radius);
    font-weight: 600;
    line-height: 1.2;
    text-align: center;
    text-decoration: none;
    background: var(--_hush);
    color: var(--_text);
    transition: background var(--_quick);
  }

  .button:hover:enabled {
    background: var(--_hush-hover);
  }

  .button.primary {
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .button.primary:hover:enabled {
    background: var(--_accent-hover);
  }

  .button.tonal {
    background: var(--_tint);
    color: var(--_accent-text);
  }

  .button.tonal:hover:enabled {
    background: var(--_tint-hover);
  }

  .button.plain {
    background: none;
    color: var(--_accent-text);
    padding-inline: 12px;
  }

  .button.plain:hover:enabled {
    background: var(--_hush);
  }

  .button.danger {
    background: var(--_danger-tint);
    color: var(--_danger-text);
  }

  .icon-button {
    display: inline-grid;
    place-items: center;
    flex: none;
    inline-size: 44px;
    block-size: 44px;
    border-radius: 50%;
    color: var(--_soft);
    transition: background var(--_quick);
  }

  .icon-button:hover:enabled {
    background: var(--_hush);
    color: var(--_text);
  }

  .icon-button.tonal {
    background: var(--_tint);
    color: var(--_accent-text);
  }

  .icon-button.tonal:hover:enabled {
    background: var(--_tint-hover);
    color: var(--_accent-text);
  }

  .field {
    display: block;
    inline-size: 100%;
    min-block-size: 48px;
    padding: 8px 16px;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
  }

  .field::placeholder {
    color: var(--_soft);
    opacity: 0.85;
  }

  .field:focus-visible {
    outline: 2px solid var(--_accent-text);
    outline-offset: -1px;
    border-color: transparent;
  }

  .field[aria-invalid='true'] {
    border-color: var(--_danger-text);
  }

  .label {
    display: block;
    margin-block-end: 4px;
    font-size: 14px;
    font-weight: 600;
  }

  .card {
    background: var(--_raised);
    border-radius: calc(var(--_radius) + 4px);
    box-shadow: var(--_shadow);
    padding: 24px;
  }

  .row {
    display: flex;
    align-items: center;
    gap: 8px;
  }

  .wrap {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .fault {
    display: flex;
    gap: 8px;
    color: var(--_danger-text);
    font-size: 14px;
  }

  .fault .icon {
    inline-size: 20px;
    block-size: 20px;
  }

  .avatar {
    display: inline-grid;
    place-items: center;
    flex: none;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    font-size: 14px;
    font-weight: 650;
    letter-spacing: 0.02em;
    user-select: none;
  }

  .avatar.big {
    inline-size: 120px;
    block-size: 120px;
    font-size: 40px;
  }

  .avatar.big .icon {
    inline-size: 56px;
    block-size: 56px;
  }

  .tint-0 { background: light-dark(#dfe5ff, #2c3970); color: light-dark(#1f3299, #d6ddff); }
  .tint-1 { background: light-dark(#d6f0ec, #14473f); color: light-dark(#0b4f45, #b5ece1); }
  .tint-2 { background: light-dark(#fbe3d3, #5a3216); color: light-dark(#75350a, #ffd9bd); }
  .tint-3 { background: light-dark(#f6dff0, #552449); color: light-dark(#761d60, #ffd0f0); }
  .tint-4 { background: light-dark(#e2ecd2, #35451a); color: light-dark(#3a5107, #d9ebb4); }
  .tint-5 { background: light-dark(#dcecf9, #173f5c); color: light-dark(#0d4a74, #bfe1fb); }

  .bone {
    border-radius: 8px;
    background: var(--_hush);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }

  @keyframes breathe {
    to { opacity: 0.45; }
  }
`;
