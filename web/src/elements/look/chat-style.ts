import { css } from 'lit';

/** Style of the conversations: the list, the open one, and the two beside each other where there is room. */
export const chatStyle = css`
  .behind.with-chat main {
    display: none;
  }

  sylk-chat {
    display: block;
    block-size: 100%;
  }

  .chat {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    block-size: 100%;

    .list {
      display: flex;
      flex-direction: column;
      min-block-size: 0;
      background: var(--_raised);
    }

    .list > .fault {
      padding: 12px 16px 0;
    }

    &.choosing .none-open,
    &.reading .list {
      display: none;
    }

    .none-open {
      display: grid;
      place-items: center;
      place-content: center;
      gap: 8px;
    }

    .none-open .icon,
    .empty .icon {
      inline-size: 48px;
      block-size: 48px;
      color: var(--_soft);
    }

    .head {
      display: flex;
      align-items: center;
      gap: 8px;
      min-block-size: 64px;
      padding-inline: 8px;
      border-block-end: 1px solid var(--_line);
      background: var(--_raised);
    }

    .head h2 {
      font-size: 20px;
      outline: none;
    }

    .lines {
      display: grid;
      flex: 1;
      min-inline-size: 0;
      line-height: 1.35;
    }
  }

  sylk-conversations {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-block-size: 0;

    .head {
      justify-content: space-between;
      padding-inline: 16px 8px !important;
      border: 0 !important;
    }

    .search {
      position: relative;
      padding: 0 16px 8px;
    }

    .search .icon {
      position: absolute;
      inset-block-start: 12px;
      inset-inline-start: 28px;
      color: var(--_soft);
    }

    .search .field {
      padding-inline-start: 48px;
      text-overflow: ellipsis;
    }

    .rows {
      flex: 1;
      overflow: auto;
      padding: 0 8px 16px;
      scrollbar-width: thin;
    }

    h3 {
      padding: 12px 8px 4px;
      font-weight: 600;
    }

    .pick {
      display: flex;
      align-items: center;
      gap: 12px;
      inline-size: 100%;
      min-block-size: 72px;
      padding: 8px;
      border-radius: var(--_radius);
    }

    .pick:hover {
      background: var(--_hush);
    }

    .pick[aria-current='true'] {
      background: var(--_tint);
    }

    .top {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 8px;
      min-inline-size: 0;
    }

    .top > time,
    .top > .badge {
      flex: none;
    }

    .name {
      font-weight: 600;
    }

    .last {
      min-block-size: 24px;
      line-height: 24px;
    }

    .last .state {
      margin-inline-end: 4px;
    }

    .unread .last {
      color: var(--_text);
      font-weight: 600;
    }

    .none {
      padding: 16px 8px;
    }

    .empty {
      display: grid;
      justify-items: center;
      gap: 8px;
      padding: 48px 24px;
      text-align: center;
    }

    .strong {
      font-weight: 600;
    }

    .row-bones {
      display: flex;
      align-items: center;
      gap: 12px;
      min-block-size: 72px;
      padding: 8px;
    }

    .row-bones .bone {
      flex: 1;
      block-size: 32px;
    }

    .row-bones .round {
      flex: none;
      inline-size: 40px;
      block-size: 40px;
      border-radius: 50%;
    }
  }

  .badge {
    display: inline-grid;
    place-items: center;
    min-inline-size: 22px;
    block-size: 22px;
    padding-inline: 6px;
    border-radius: 11px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 14px;
    font-weight: 650;
    line-height: 1;
  }

  .open-chat {
    position: relative;
    margin-inline-start: auto;
  }

  .link + .open-chat {
    margin-inline-start: 0;
  }

  .open-chat .badge {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: -2px;
  }

  @container phone (min-width: 880px) {
    .chat:not(.beside) {
      grid-template-columns: 360px minmax(0, 1fr);

      .list {
        display: flex !important;
        border-inline-end: 1px solid var(--_line);
      }

      .none-open {
        display: grid !important;
      }

      .back {
        display: none;
      }
    }

    .behind.with-chat:has(.chat.beside) {
      display: grid;
      grid-template: minmax(0, 1fr) / minmax(0, 1fr) 400px;
    }

    .behind.with-chat:has(.chat.beside) main {
      display: block;
    }

    .chat.beside {
      border-inline-start: 1px solid var(--_line);
    }
  }
`;
