// The newest of everything that came, by symbol, and what of it nobody has taken yet. Newest wins, whatever the order of arrival.
"use strict";

(() => {
  const PRINTS_KEPT = 20;
  const PRINTS_WAITING = 1000;
  const BARS_WAITING = 100;

  // An arrival is [symbol, epoch, sequence, at, ...]. Another source may count differently, so a lower epoch counts as old only
  // when its time is not newer.
  function isOlder(arrival, known) {
    if (!known) return false;
    if (arrival[1] === known[1]) return arrival[2] <= known[2];
    return arrival[1] < known[1] && arrival[3] <= known[3];
  }

  const barKey = (symbol, interval) => `${symbol} ${interval}`;

  // A bar is [symbol, interval, start, open, high, low, close, volume, sequence]; the sequence counts within the bar.
  function isOlderBar(bar, known) {
    return Boolean(known) && (bar[2] < known[2] || (bar[2] === known[2] && bar[8] <= known[8]));
  }

  const nothing = () => ({ quotes: new Set(), depths: new Set(), states: new Set(), prints: [], bars: new Map() });

  // What came and was not taken. Of values the newest is kept, of prints and bars the newest few, and what was lost is counted.
  // It takes whatever comes; who shows only a part of it says so in takes(symbol), takesDepth(symbol) and takesBar(key).
  class Waiting {
    constructor() {
      this.counts = { conflated: 0, dropped: 0 };
      this.takes = this.takesDepth = this.takesBar = () => true;
      this.empty();
    }

    empty() {
      Object.assign(this, nothing());
    }

    get isEmpty() {
      return !this.quotes.size && !this.depths.size && !this.states.size && !this.prints.length && !this.bars.size;
    }

    quote(symbol) {
      if (this.quotes.has(symbol)) this.counts.conflated += 1;
      else this.quotes.add(symbol);
    }

    print(arrival) {
      this.prints.push(arrival);
      if (this.prints.length <= PRINTS_WAITING) return;
      this.prints.shift();
      this.counts.dropped += 1;
    }

    // By its start too: the end of a bar is worth telling although the next has begun.
    bar(arrival) {
      const key = `${barKey(arrival[0], arrival[1])} ${arrival[2]}`;
      this.bars.delete(key);
      this.bars.set(key, arrival);
      if (this.bars.size > BARS_WAITING) this.bars.delete(this.bars.keys().next().value);
    }
  }

  class Buffer {
    constructor() {
      this.quotes = new Map();
      this.depths = new Map();
      this.prints = new Map(); // symbol -> its newest, oldest first
      this.last = new Map();
      this.states = new Map();
      this.bars = new Map();
      this.frames = new Map(); // symbol -> the frame that brought its quote: { sentAt, receivedAt }
      this.waiting = new Waiting();
      this.takers = [this.waiting]; // who is told of news
      this.newest = new Map();
    }

    quoteCame(quote, frame) {
      const symbol = quote[0];
      if (isOlder(quote, this.quotes.get(symbol))) return;
      this.quotes.set(symbol, quote);
      this.frames.set(symbol, frame);
      for (const taker of this.takers) if (taker.takes(symbol)) taker.quote(symbol);
    }

    // Whatever its sequence: a book comes in the place of the one that did not fit.
    depthCame(depth) {
      const symbol = depth[0];
      this.depths.set(symbol, depth);
      for (const taker of this.takers) if (taker.takesDepth(symbol)) taker.depths.add(symbol);
    }

    // [symbol, state, mark]: the server sends the newest and nothing else.
    stateCame(state) {
      this.states.set(state[0], state);
      for (const taker of this.takers) if (taker.takes(state[0])) taker.states.add(state[0]);
    }

    barCame(bar) {
      const key = barKey(bar[0], bar[1]);
      if (isOlderBar(bar, this.bars.get(key))) return;
      this.bars.set(key, bar);
      for (const taker of this.takers) if (taker.takesBar(key)) taker.bar(bar);
    }

    printCame(print) {
      const [symbol, , , at, , , , source] = print;
      const key = `${symbol} ${source}`;
      if (isOlder(print, this.newest.get(key))) return;
      this.newest.set(key, print);
      if (!this.last.has(symbol) || this.last.get(symbol)[3] <= at) this.last.set(symbol, print);
      const kept = this.prints.get(symbol) || [];
      kept.push(print);
      if (kept.length > PRINTS_KEPT) kept.shift();
      this.prints.set(symbol, kept);
      for (const taker of this.takers) if (taker.takes(symbol)) taker.print(print);
    }

    // Forgets what nobody watches: it is not kept up, and would be shown as what it no longer is.
    keepOnly({ symbols, depth, bars }) {
      const shown = (symbol) => symbols.has(symbol) || depth.has(symbol);
      for (const map of [this.quotes, this.frames, this.prints, this.last, this.states]) {
        for (const symbol of map.keys()) if (!shown(symbol)) map.delete(symbol);
      }
      for (const key of this.newest.keys()) if (!shown(key.slice(0, key.lastIndexOf(" ")))) this.newest.delete(key);
      for (const symbol of this.depths.keys()) if (!depth.has(symbol)) this.depths.delete(symbol);
      for (const key of this.bars.keys()) if (!bars.has(key)) this.bars.delete(key);
    }

    // Hands over what waited, and begins anew.
    takeWaiting() {
      const { quotes, depths, states, prints, bars } = this.waiting;
      this.waiting.empty();
      return { quotes, depths, states, prints, bars };
    }
  }

  Object.assign((globalThis.tredye ||= {}), { Buffer, Waiting, isOlder, barKey });
})();
