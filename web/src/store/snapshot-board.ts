import type { Notice, PhoneSnapshot } from './snapshot.ts';

/** The one snapshot that there is, and who follows it. */
export class SnapshotBoard {
  #snapshot: PhoneSnapshot;
  readonly #listeners = new Set<(snapshot: PhoneSnapshot) => void>();
  #notices = 0;

  constructor(first: PhoneSnapshot) {
    this.#snapshot = first;
  }

  get snapshot(): PhoneSnapshot {
    return this.#snapshot;
  }

  subscribe(listener: (snapshot: PhoneSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  patch(change: Partial<PhoneSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of [...this.#listeners]) listener(this.#snapshot);
  }

  /** Shows a notice; one that says the same is not shown twice. */
  notify(notice: Omit<Notice, 'id'>): void {
    const others = this.#snapshot.notices.filter(({ sentence }) => sentence !== notice.sentence);
    this.patch({ notices: [...others, { ...notice, id: `notice-${++this.#notices}` }].slice(-mostNotices) });
  }

  dismissNotice(id: string): void {
    this.withdraw((notice) => notice.id === id);
  }

  /** Takes notices back that say what is not so any more. */
  withdraw(isOver: (notice: Notice) => boolean): void {
    this.patch({ notices: this.#snapshot.notices.filter((notice) => !isOver(notice)) });
  }

  close(): void {
    this.#listeners.clear();
  }
}

const mostNotices = 8;
