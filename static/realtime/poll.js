// Prices without a stream: asked for every two seconds while no socket is live, or the server itself hears of no prices.
"use strict";

(() => {
  const AFTER_MS = 3000;
  const EVERY_MS = 2000;
  const EVERY_MAX_MS = 15000;
  const TICK_SLACK_MS = 500; // a tick that comes a little early must not make every second one wait for the next
  const TIMEOUT_MS = 4000;
  const FRESH_MS = 5000;
  const SYMBOLS_A_REQUEST = 150;

  // `owner` is asked for pollUrl() and symbols(), what visible tabs show, and told take(rows, now, modes) and changed().
  class Poll {
    #world;
    #owner;
    #downSince = null;
    #nextAt = 0;
    #failed = 0;
    #asking = false;
    #freshAt = Number.NEGATIVE_INFINITY;

    constructor(world, owner) {
      this.#world = world;
      this.#owner = owner;
    }

    // Whether what is shown is what the last polls brought, and that is young.
    get isFresh() {
      return this.#downSince !== null && this.#world.now() - this.#freshAt <= FRESH_MS;
    }

    // Once a second, with whether live prices come.
    tick(isLive) {
      const now = this.#world.now();
      if (isLive || !this.#owner.symbols().length) {
        this.#downSince = null;
        this.#failed = 0;
        return;
      }
      this.#downSince ??= now;
      if (now - this.#downSince >= AFTER_MS && now >= this.#nextAt && !this.#asking && this.#world.isOnline()) this.#ask();
    }

    async #ask() {
      this.#asking = true;
      const symbols = this.#owner.symbols();
      try {
        for (let place = 0; place < symbols.length && this.#downSince !== null; place += SYMBOLS_A_REQUEST) {
          await this.#askFor(symbols.slice(place, place + SYMBOLS_A_REQUEST));
        }
        this.#failed = 0;
      } catch {
        this.#failed += 1; // asked again, ever later; the state goes on saying that prices are old
      }
      this.#asking = false;
      const wait = Math.min(EVERY_MAX_MS, EVERY_MS * 2 ** Math.min(this.#failed, 10));
      this.#nextAt = this.#world.now() + (this.#failed ? wait * (0.5 + this.#world.random() / 2) : wait - TICK_SLACK_MS);
      this.#owner.changed();
    }

    async #askFor(symbols) {
      const url = `${this.#owner.pollUrl()}?symbols=${symbols.map(encodeURIComponent).join(",")}`;
      const response = await this.#world.fetch(url, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`prices were refused with ${response.status}`);
      const { now, d: rows, m: modes } = await response.json();
      if (this.#downSince === null) return; // the stream is back, and says it better
      if (rows.some((row) => now - row[3] <= FRESH_MS)) this.#freshAt = this.#world.now();
      this.#owner.take(rows, now, modes);
    }
  }

  (globalThis.tredye ||= {}).Poll = Poll;
})();
