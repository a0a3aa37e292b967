import type { Router } from '../ports/sfu.ts';

/** The use that calls make of a router: a leg that goes on in another call takes its router along. */
export class RouterUse {
  readonly router: Router;
  #calls = 1;

  constructor(router: Router) {
    this.router = router;
  }

  /** For one call more. */
  share(): RouterUse {
    this.#calls++;
    return this;
  }

  /** One call less: the last one closes it. */
  release(): void {
    this.#calls--;
    if (this.#calls === 0) this.router.close();
  }
}
