// Arrivals are kept in Maps, newest wins, and painted once per animation frame. Money is BigInt in units of 10^-8, never a float.
"use strict";

(() => {
  const SCALE = 8;
  const MISSING = "\u2013";
  const MINUS = "\u2212";
  const STALE_MS = 2000;
  const NO_QUOTE_MS = 3000;
  const BEAT_MS = 450;
  const PRINTS_KEPT = 20;

  // --- Numbers (pure) ----------------------------------------------------------------------------------------------------

  function parseUnits(text) {
    const match = /^(-?)(\d{1,20})(?:\.(\d{1,8}))?$/.exec(text ?? "");
    if (!match) return null;
    const units = BigInt(match[2] + (match[3] || "").padEnd(SCALE, "0"));
    return match[1] ? -units : units;
  }

  // Rounds half to even, as the server does.
  function divideRounded(value, by) {
    const sign = value < 0n ? -1n : 1n;
    const size = value * sign;
    const whole = size / by;
    const twice = (size % by) * 2n;
    const up = twice > by || (twice === by && whole % 2n === 1n);
    return sign * (up ? whole + 1n : whole);
  }

  function formatUnits(units, decimals, signed = false) {
    if (units === null || units === undefined) return MISSING;
    const places = Math.min(Math.max(decimals, 0), SCALE);
    const rounded = divideRounded(units, 10n ** BigInt(SCALE - places));
    const digits = String(rounded < 0n ? -rounded : rounded).padStart(places + 1, "0");
    const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    const sign = rounded < 0n ? MINUS : signed && rounded > 0n ? "+" : "";
    return sign + whole + (places ? "." + digits.slice(-places) : "");
  }

  const midUnits = (bid, ask) => divideRounded(bid + ask, 2n);
  const pnlUnits = (quantity, cost, mark) => divideRounded(quantity * mark, 10n ** BigInt(SCALE)) - cost;

  // In percent, in units of 10^-8 percent.
  function changeUnits(value, reference) {
    return reference > 0n ? divideRounded((value - reference) * 100n * 10n ** BigInt(SCALE), reference) : null;
  }

  const directionOf = (units) => (units === null || units === 0n ? "flat" : units > 0n ? "up" : "down");

  function ageText(milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    if (seconds < 60) return `${seconds} s`;
    return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
  }

  // --- What has come (pure) ----------------------------------------------------------------------------------------------

  // An arrival is [symbol, epoch, sequence, at, ...]. Another source may count differently, so a lower epoch counts as old only
  // when its time is not newer.
  function isOlder(arrival, known) {
    if (!known) return false;
    if (arrival[1] === known[1]) return arrival[2] <= known[2];
    return arrival[1] < known[1] && arrival[3] <= known[3];
  }

  // Whether what shows a symbol is greyed. Without a quote the server's mark stays, and no mark is no promise that lasts.
  function isStale({ quote, at, marked, waitedMs }) {
    return quote ? at - quote[3] > STALE_MS : marked || waitedMs > NO_QUOTE_MS;
  }

  class Arrivals {
    constructor() {
      this.quotes = new Map();
      this.depths = new Map();
      this.prints = new Map();
      this.last = new Map();
      this.newest = new Map();
      this.changed = { quotes: new Set(), depths: new Set(), prints: [] };
    }

    take(kind, arrays) {
      for (const arrival of arrays) {
        if (kind === "q") this.#latest(this.quotes, this.changed.quotes, arrival);
        else if (kind === "d") this.#latest(this.depths, this.changed.depths, arrival);
        else if (kind === "p") this.#print(arrival);
      }
    }

    #latest(kept, changed, arrival) {
      if (isOlder(arrival, kept.get(arrival[0]))) return;
      kept.set(arrival[0], arrival);
      changed.add(arrival[0]);
    }

    #print(arrival) {
      const [symbol, , , at, , , , source] = arrival;
      const key = `${symbol} ${source}`;
      if (isOlder(arrival, this.newest.get(key))) return;
      this.newest.set(key, arrival);
      if (!this.last.has(symbol) || this.last.get(symbol)[3] <= at) this.last.set(symbol, arrival);
      const kept = this.prints.get(symbol) || [];
      kept.push(arrival);
      if (kept.length > PRINTS_KEPT) kept.shift();
      this.prints.set(symbol, kept);
      // A hidden page paints nothing, and must not keep more for it than it would show.
      this.changed.prints.push(arrival);
      if (this.changed.prints.length > 50 * PRINTS_KEPT) this.changed.prints.shift();
    }

    takeChanged() {
      const changed = this.changed;
      this.changed = { quotes: new Set(), depths: new Set(), prints: [] };
      return changed;
    }
  }

  const numbers = { parseUnits, formatUnits, midUnits, pnlUnits, changeUnits, directionOf, ageText, MISSING };
  const tredye = (globalThis.tredye ||= {});
  tredye.numbers = numbers;
  tredye.Arrivals = Arrivals;
  tredye.isStale = isStale;
  if (typeof document === "undefined") return;

  // --- The page ----------------------------------------------------------------------------------------------------------

  const arrivals = new Arrivals();
  const flashing = new Map();
  let targets = new Map(); // symbol -> what shows something of it
  let watched = [];
  let watchedSince = new Map(); // symbol -> when the page began to show it; a fragment that is swapped does not begin anew
  let sums = []; // elements that show a sum over the rows of the page
  let clockOffset = 0;
  let scheduled = false;

  const now = () => Date.now() + clockOffset;
  const units = (element, name) => parseUnits(element.dataset[name]);

  function fieldUnits(field, symbol, element) {
    if (field === "last") return arrivals.last.has(symbol) ? parseUnits(arrivals.last.get(symbol)[4]) : undefined;
    const quote = arrivals.quotes.get(symbol);
    if (!quote) return undefined;
    const [bid, ask] = [parseUnits(quote[4]), parseUnits(quote[5])];
    switch (field) {
      case "bid": return bid;
      case "ask": return ask;
      case "bid_quantity": return parseUnits(quote[6]);
      case "ask_quantity": return parseUnits(quote[7]);
      case "mid": return midUnits(bid, ask);
      case "spread": return ask - bid;
      case "change": return changeOf(midUnits(bid, ask), element);
      default: return undefined;
    }
  }

  function changeOf(value, element) {
    const reference = units(element, "reference");
    return reference === null ? undefined : changeUnits(value, reference) ?? undefined;
  }

  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function point(element, direction) {
    element.classList.toggle("up", direction === "up");
    element.classList.toggle("down", direction === "down");
  }

  function paintField(target) {
    const { element, symbol, field, decimals } = target;
    if (field === "age") return;
    const value = fieldUnits(field, symbol, element);
    if (value === undefined || value === null) return;
    if (field === "change") {
      setText(element, formatUnits(value, decimals, true) + "%");
      point(element, directionOf(value));
    } else {
      setText(element, formatUnits(value, decimals));
      const before = target.value;
      if (before !== undefined && before !== value && !field.endsWith("quantity") && field !== "spread") {
        point(element, value > before ? "up" : "down");
        flashing.set(element, performance.now() + BEAT_MS);
      }
    }
    target.value = value;
  }

  // What is held at the mid: its value, or its P&L, which is the value less the cost.
  function paintHolding(target) {
    const { element, symbol, field, decimals } = target;
    const quote = arrivals.quotes.get(symbol);
    const [quantity, cost] = [units(element, "quantity"), field === "pnl" ? units(element, "cost") : 0n];
    if (!quote || quantity === null || cost === null) return;
    target.value = pnlUnits(quantity, cost, midUnits(parseUnits(quote[4]), parseUnits(quote[5])));
    paintAmount(element, target.value, decimals, field === "pnl");
  }

  function paintAmount(element, value, decimals, signed) {
    setText(element, formatUnits(value, decimals, signed));
    if (signed) point(element, directionOf(value));
  }

  const isHolding = ({ field }) => field === "pnl" || field === "value";

  // A sum moves with its rows, or not at all: it must never say something else than they do.
  function paintSums() {
    for (const { element, field, base, decimals, signed } of sums) {
      const rows = [...targets.values()].flat().filter((target) => target.field === field);
      if (base === null || !rows.length || rows.some(({ value }) => value === undefined)) continue;
      paintAmount(element, rows.reduce((sum, { value }) => sum + value, base), decimals, signed);
    }
  }

  function paintSymbol(symbol) {
    for (const target of targets.get(symbol) || []) (isHolding(target) ? paintHolding : paintField)(target);
  }

  function endBeats() {
    const at = performance.now();
    for (const [element, until] of flashing) {
      if (until > at) continue;
      element.classList.remove("up", "down");
      flashing.delete(element);
    }
  }

  function paint() {
    scheduled = false;
    endBeats();
    const changed = arrivals.takeChanged();
    const touched = new Set(changed.quotes);
    for (const print of changed.prints) touched.add(print[0]);
    for (const symbol of touched) paintSymbol(symbol);
    paintSums();
    const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
    for (const symbol of changed.quotes) tell("tredye:quote", arrivals.quotes.get(symbol));
    for (const print of changed.prints) tell("tredye:print", print);
    for (const symbol of changed.depths) tell("tredye:depth", arrivals.depths.get(symbol));
  }

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(paint);
  }

  // --- Ages --------------------------------------------------------------------------------------------------------------

  function paintAges() {
    endBeats();
    for (const { element, symbol } of watched) {
      const quote = arrivals.quotes.get(symbol);
      const waitedMs = performance.now() - watchedSince.get(symbol);
      element.toggleAttribute("data-stale", isStale({ quote, at: now(), marked: element.hasAttribute("data-stale"), waitedMs }));
    }
    for (const list of targets.values()) {
      for (const { element, symbol, field } of list) {
        const quote = field === "age" ? arrivals.quotes.get(symbol) : null;
        if (quote) setText(element, ageText(now() - quote[3]));
      }
    }
  }

  // --- What the page shows -----------------------------------------------------------------------------------------------

  function decimalsOf(element, otherwise) {
    const decimals = Number.parseInt(element.dataset.decimals ?? element.closest("[data-decimals]")?.dataset.decimals, 10);
    return Number.isNaN(decimals) ? otherwise : decimals;
  }

  function collect() {
    const before = new Map();
    for (const list of targets.values()) for (const target of list) before.set(target.element, target);
    targets = new Map();
    const add = (symbol, target) => {
      const known = before.get(target.element);
      if (known && known.symbol === symbol && known.field === target.field) target.value = known.value;
      targets.set(symbol, [...(targets.get(symbol) || []), { symbol, ...target }]);
    };
    for (const element of document.querySelectorAll("[data-live]")) {
      const cut = element.dataset.live.lastIndexOf(":");
      const field = element.dataset.live.slice(cut + 1);
      add(element.dataset.live.slice(0, cut), { element, field, decimals: decimalsOf(element, field === "change" ? 2 : 8) });
    }
    for (const field of ["pnl", "value"]) {
      for (const element of document.querySelectorAll(`[data-${field}]`)) {
        add(element.dataset[field], { element, field, decimals: decimalsOf(element, 2) });
      }
    }
    sums = [...document.querySelectorAll("[data-sum]")].map((element) => {
      const { sum: field } = element.dataset;
      return { element, field, base: units(element, "base"), decimals: decimalsOf(element, 2), signed: field === "pnl" };
    });
    watched = [...document.querySelectorAll("[data-watch]")].map((element) => ({ element, symbol: element.dataset.watch }));
    const at = performance.now();
    watchedSince = new Map(watched.map(({ symbol }) => [symbol, watchedSince.get(symbol) ?? at]));
    for (const symbol of targets.keys()) paintSymbol(symbol);
    paintSums();
    paintAges();
  }

  // Everything that shows a symbol makes the page watch it.
  function wanted() {
    const symbols = new Set(targets.keys());
    const depth = new Set();
    for (const { symbol } of watched) symbols.add(symbol);
    for (const element of document.querySelectorAll("[data-tape]")) symbols.add(element.dataset.tape);
    for (const element of document.querySelectorAll("[data-depth]")) depth.add(element.dataset.depth);
    symbols.delete("");
    return { symbols: [...symbols].sort().slice(0, 500), depth: [...depth].sort().slice(0, 4) };
  }

  tredye.paint = {
    take(kind, arrays) {
      arrivals.take(kind, arrays);
      schedule();
    },
    setServerTime(milliseconds) {
      clockOffset = milliseconds - Date.now();
    },
    now,
    collect,
    wanted,
    decimalsOf,
    quote: (symbol) => arrivals.quotes.get(symbol),
    depth: (symbol) => arrivals.depths.get(symbol),
    prints: (symbol) => arrivals.prints.get(symbol) || [],
  };

  setInterval(paintAges, 1000);
  // Ends the last beats of a burst; a frame may not come for a while.
  setInterval(() => flashing.size && endBeats(), BEAT_MS / 2);
})();
