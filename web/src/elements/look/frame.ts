import { css } from 'lit';

/** The outermost boxes: the element fills what it is given and scrolls inside; its own size decides the layout. */
export const frame = css`
  :host {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    min-block-size: 400px;
    overflow: hidden;
    container: phone / size;
  }

  :host([hidden]) {
    display: none;
  }

  .frame {
    position: relative;
    block-size: 100%;
    overflow: hidden;
    isolation: isolate;
  }

  .behind,
  main {
    block-size: 100%;
  }

  main {
    overflow: auto;
    outline: none;
    scrollbar-width: thin;
    scrollbar-color: var(--_edge) transparent;
  }

  .page {
    display: flex;
    flex-direction: column;
    gap: 24px;
    inline-size: 100%;
    max-inline-size: 520px;
    min-block-size: 100%;
    margin-inline: auto;
    padding: 0 16px 32px;
  }

  .bar {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 64px;
  }

  .bar h1 {
    font-size: 20px;
  }

  .brand {
    inline-size: 32px;
    block-size: 32px;
    flex: none;
  }

  .brand .ground {
    fill: var(--_accent);
  }

  .brand .figure {
    fill: none;
    stroke: var(--_on-accent);
    stroke-width: 2.5;
    stroke-linecap: round;
  }

  .link {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    margin-inline-start: auto;
    color: var(--_soft);
    font-size: 14px;
  }

  .link .dot {
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: light-dark(#b87400, #ffc861);
    animation: breathe 0.8s ease-in-out infinite alternate;
  }

  .home {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 32px;
  }

  @container phone (min-width: 880px) {
    .page {
      max-inline-size: 1072px;
      padding-inline: 32px;
    }

    .home {
      grid-template-columns: minmax(0, 1fr) 376px;
      grid-template-rows: auto 1fr;
      grid-template-areas: 'dial own' 'recents own';
      gap: 32px 72px;
      padding-block-start: 48px;
    }

    .home sylk-dial {
      grid-area: dial;
    }

    .home sylk-own-address {
      grid-area: own;
    }

    .home sylk-recents {
      grid-area: recents;
    }

    .home sylk-dial h2 {
      font-size: 40px;
      margin-block-end: 24px;
    }
  }

  @container phone (max-width: 359px) {
    .page {
      padding-inline: 12px;
      gap: 8px;
    }

    .bar {
      min-block-size: 48px;
    }

    .home {
      gap: 16px;
    }

    .card {
      padding: 16px;
    }
  }
`;
