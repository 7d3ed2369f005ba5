// What the tabs of one browser and log-in share: who watches what, and which account events whom has reached. Rules, no socket.
"use strict";

(() => {
  const EVENTS_KEPT = 300;
  const LIMITS = { symbols: 500, depth: 4, bars: 4 };

  const { Waiting, barKey } = globalThis.tredye;

  // The newest account events, in order and without a gap, for tabs that join or come back.
  class EventRing {
    constructor(kept = EVENTS_KEPT) {
      this.kept = kept;
      this.events = [];
      this.head = null; // the newest sequence that is known; null before anybody told one
    }

    // Begins after `sequence`: what was before is not known here.
    begin(sequence) {
      this.events = [];
      this.head = sequence;
    }

    // "new", "old" for one that is known, or "hole" when one before it is missing.
    take(event) {
      const sequence = event.account_sequence;
      if (this.head !== null && sequence <= this.head) return "old";
      if (this.head !== null && sequence !== this.head + 1) return "hole";
      this.head = sequence;
      this.events.push(event);
      if (this.events.length > this.kept) this.events.shift();
      return "new";
    }

    // The events after `sequence`, or null when they are not all here.
    after(sequence) {
      if (this.head === null || sequence >= this.head) return [];
      const oldest = this.head - this.events.length + 1;
      return sequence + 1 < oldest ? null : this.events.slice(sequence + 1 - oldest);
    }
  }

  // One tab: what it shows, and what it has not been told. One message is on its way to it at a time; what comes meanwhile
  // waits here, newest wins, so that a tab that is busy, frozen or gone costs nothing.
  class Tab {
    constructor(post) {
      this.post = post;
      this.isVisible = false;
      this.sentAt = null; // when the message left that it has not taken yet
      this.cursor = null; // the last account event that it has; null without an account
      this.mustReload = false;
      this.news = new Set(); // "state", "clock", "notices", "modes"
      this.waiting = new Waiting();
      this.waiting.takes = (symbol) => this.isVisible && (this.symbols.has(symbol) || this.depth.has(symbol));
      this.waiting.takesDepth = (symbol) => this.isVisible && this.depth.has(symbol);
      this.waiting.takesBar = (key) => this.isVisible && this.bars.has(key);
      this.watch({});
    }

    watch({ symbols = [], depth = [], bars = [] }) {
      this.symbols = new Set(symbols);
      this.depth = new Set(depth);
      this.bars = new Map(bars.map((bar) => [barKey(...bar), bar]));
    }

    // What is known of what it shows is news to it again.
    needsEverything(buffer) {
      this.waiting.empty();
      for (const symbol of new Set([...this.symbols, ...this.depth])) {
        if (buffer.quotes.has(symbol)) this.waiting.quotes.add(symbol);
        if (buffer.states.has(symbol)) this.waiting.states.add(symbol);
        for (const print of buffer.prints.get(symbol) ?? []) this.waiting.print(print);
      }
      for (const symbol of this.depth) if (buffer.depths.has(symbol)) this.waiting.depths.add(symbol);
      for (const key of this.bars.keys()) if (buffer.bars.has(key)) this.waiting.bar(buffer.bars.get(key));
      this.news.add("state").add("clock").add("notices").add("modes");
    }
  }

  // What the visible tabs show together, those that were looked at last first where it is too much for one socket.
  function union(tabs) {
    const all = { symbols: new Set(), depth: new Set(), bars: new Map() };
    for (const tab of [...tabs].filter(({ isVisible }) => isVisible).reverse()) {
      for (const part of ["symbols", "depth"]) {
        for (const symbol of tab[part]) if (all[part].size < LIMITS[part]) all[part].add(symbol);
      }
      for (const [key, bar] of tab.bars) if (all.bars.size < LIMITS.bars) all.bars.set(key, bar);
    }
    return all;
  }

  // As the server is told it; equal sets are equal texts.
  function watchMessage({ symbols, depth, bars }) {
    const pairs = [...bars.keys()].sort().map((key) => bars.get(key));
    return { op: "watch", symbols: [...symbols].sort(), depth: [...depth].sort(), ...(pairs.length ? { bars: pairs } : {}) };
  }

  Object.assign((globalThis.tredye ||= {}), { EventRing, Tab, union, watchMessage });
})();
