import { css } from 'lit';

/** Style of `sylk-own-address`: a card, or a row where there is little room. */
export const ownAddressStyle = css`
  sylk-own-address {
    display: block;

    h2 {
      font-size: 20px;
      margin-block-end: 8px;
    }

    .offer,
    .waiting,
    .whole {
      display: grid;
      gap: 16px;
    }

    .others {
      justify-content: space-around;
    }

    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      justify-content: space-between;
      gap: 4px 16px;
    }

    .head h2 {
      margin: 0;
    }

    .big {
      font-size: 20px;
      font-weight: 650;
      line-height: 1.3;
      margin-block-end: 4px;
      user-select: all;
    }

    .registration {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      font-size: 14px;
      color: var(--_soft);
    }

    .dot {
      inline-size: 8px;
      block-size: 8px;
      border-radius: 50%;
      background: var(--_edge);
    }

    .registered .dot {
      background: var(--_good);
    }

    .failed .dot {
      background: var(--_danger);
    }

    .pair {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(140px, 1fr));
      gap: 8px;
    }

    .pair .button {
      padding-inline: 8px;
    }

    figure {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      align-items: center;
      gap: 16px;
    }

    .qr {
      display: block;
      background: #fff;
      inline-size: 136px;
      block-size: 136px;
      border-radius: 8px;
      box-shadow: 0 0 0 1px var(--_line);
    }

    .summary {
      display: none;
      align-items: center;
      gap: 8px;
      padding: 8px;
    }

    .open {
      display: flex;
      align-items: center;
      gap: 8px;
      flex: 1;
      min-inline-size: 0;
      padding: 8px;
      border-radius: var(--_radius);
    }

    .open .icon {
      color: var(--_soft);
    }

    .lines {
      display: grid;
      flex: 1;
      min-inline-size: 0;
    }

    .strong {
      font-weight: 650;
    }

    .short {
      block-size: 20px;
      inline-size: 40%;
    }

    .long {
      block-size: 28px;
      inline-size: 85%;
    }

    .button-bone {
      block-size: 48px;
      border-radius: var(--_radius);
    }
  }

  @container phone (max-width: 879px) {
    sylk-own-address[layout='card'] .summary {
      display: flex;
    }

    sylk-own-address[layout='card'] .whole {
      display: none;
    }
  }
`;
