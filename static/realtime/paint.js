// Paints what came, once per animation frame: only texts that are on screen, and of them only those that are other ones.
"use strict";

(() => {
  const { Buffer, Screen, isOlder, setText, numbers } = globalThis.tredye;
  const { parseUnits, formatUnits, midUnits, pnlUnits, sumUnits, changeUnits, directionOf, ageText } = numbers;
  const STALE_MS = 2000;
  const NO_QUOTE_MS = 3000;
  const BEAT_MS = 450;
  const LINGER_MS = 3000;
  const SAMPLE_MS = 250;
  const HOLDINGS = ["pnl", "today", "value"]; // what is told of a quantity that is held

  // Whether what shows a symbol is greyed. Without a quote the server's mark stays, and no mark is no promise that lasts.
  function isStale({ quote, at, marked, waitedMs, afterMs = STALE_MS }) {
    return quote ? at - quote[3] > afterMs : marked || waitedMs > NO_QUOTE_MS;
  }

  // What the server rendered is shown until something newer comes; both are [, epoch, sequence, at].
  const newer = (quote, base) => (quote && base && isOlder(quote, base) ? base : quote);

  globalThis.tredye.paintRules = { isStale, newer };
  if (typeof document === "undefined") return;

  const buffer = new Buffer();
  const screen = new Screen(paintElements, () => globalThis.tredye.stream?.look());
  const flashing = new Map();
  let targets = new Map(); // symbol -> what shows something of it
  let boxed = new Map(); // an element that is observed -> the targets in it
  let watched = [];
  let shownSince = new Map(); // symbol -> when it came on screen; a fragment that is swapped does not begin anew
  let sums = []; // elements that show a sum over the rows of the page
  let staleAfter = STALE_MS;
  let scheduled = false;
  let sampledAt = 0;

  const now = () => globalThis.tredye.clock?.now() ?? Date.now();
  const units = (element, name) => parseUnits(element.dataset[name]);
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  // --- Values ------------------------------------------------------------------------------------------------------------

  // The stream's newest quote, where it is newer than what the server rendered there.
  function quoteFor({ symbol, base }) {
    const quote = buffer.quotes.get(symbol);
    return newer(quote, base) === quote ? quote : undefined;
  }

  function lastFor({ symbol, lastAt }) {
    const print = buffer.last.get(symbol);
    return print && print[3] >= lastAt ? parseUnits(print[4]) : undefined;
  }

  function valueOf(target) {
    const { field, element } = target;
    if (field === "last") return lastFor(target);
    const quote = quoteFor(target);
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
      case "pnl": case "today": case "value": return holdingOf(midUnits(bid, ask), target);
      default: return undefined;
    }
  }

  function changeOf(value, element) {
    const reference = units(element, "reference");
    return reference === null ? undefined : changeUnits(value, reference) ?? undefined;
  }

  // What is held at the mid: its value, or its P&L (whole, or today's), which is the value less the cost.
  function holdingOf(mid, { element, field }) {
    const [quantity, cost] = [units(element, "quantity"), field === "value" ? 0n : units(element, "cost")];
    return quantity === null || cost === null ? undefined : pnlUnits(quantity, cost, mid);
  }

  // --- One text ----------------------------------------------------------------------------------------------------------

  function point(element, direction) {
    element.classList.toggle("up", direction === "up");
    element.classList.toggle("down", direction === "down");
  }

  function paintAmount(element, value, decimals, signed) {
    setText(element, formatUnits(value, decimals, signed));
    if (signed) point(element, directionOf(value));
  }

  function flash({ element, field, value: before }, value) {
    if (before === undefined || before === value || field.endsWith("quantity") || field === "spread") return;
    point(element, value > before ? "up" : "down");
    flashing.set(element, performance.now() + BEAT_MS);
  }

  // Its value is always known, for the sums; its text is touched on screen alone.
  function paintTarget(target) {
    const { element, field, decimals } = target;
    if (field === "age") return;
    const isHolding = HOLDINGS.includes(field);
    const isShown = screen.shows(target.box);
    target.due = !isShown;
    if (!isShown && !(isHolding && sums.length)) return;
    const value = valueOf(target);
    if (value === undefined || value === null) return;
    if (isShown) {
      if (isHolding) paintAmount(element, value, decimals, field !== "value");
      else if (field === "change") {
        setText(element, `${formatUnits(value, decimals, true)}%`);
        point(element, directionOf(value));
      } else {
        setText(element, formatUnits(value, decimals));
        flash(target, value);
      }
    }
    target.value = value;
  }

  // A sum moves with its rows, or not at all: it must never say something else than they do.
  function paintSums() {
    for (const { element, field, base, decimals, signed } of sums) {
      const rows = [...targets.values()].flat().filter((target) => target.field === field);
      const sum = sumUnits(base, rows.map(({ value }) => value));
      if (sum !== null) paintAmount(element, sum, decimals, signed);
    }
  }

  function endBeats() {
    const at = performance.now();
    for (const [element, until] of flashing) {
      if (until > at) continue;
      element.classList.remove("up", "down");
      flashing.delete(element);
    }
  }

  // --- One frame ---------------------------------------------------------------------------------------------------------

  function paint() {
    const began = performance.now();
    scheduled = false;
    endBeats();
    const { quotes, depths, states, prints, bars } = buffer.takeWaiting();
    const touched = new Set(quotes);
    for (const print of prints) touched.add(print[0]);
    for (const symbol of touched) for (const target of targets.get(symbol) ?? []) paintTarget(target);
    if (quotes.size) paintSums();
    for (const symbol of quotes) tell("tredye:quote", buffer.quotes.get(symbol));
    for (const print of prints) tell("tredye:print", print);
    for (const symbol of depths) tell("tredye:depth", buffer.depths.get(symbol));
    for (const symbol of states) tell("tredye:state", buffer.states.get(symbol));
    for (const bar of bars.values()) tell("tredye:bar", bar);
    tell("tredye:frame", { tookMs: performance.now() - began, quotes: quotes.size });
    sample(quotes);
  }

  // A painted quote now and then, for whoever measures: after the frame that shows it was handed over.
  function sample(quotes) {
    if (performance.now() - sampledAt < SAMPLE_MS) return;
    const isShown = ({ box, field }) => field !== "age" && screen.shows(box);
    const symbol = [...quotes].find((each) => buffer.frames.get(each)?.sentAt && targets.get(each)?.some(isShown));
    if (symbol === undefined) return;
    sampledAt = performance.now();
    const [quote, { sentAt, receivedAt }] = [buffer.quotes.get(symbol), buffer.frames.get(symbol)];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      tell("tredye:painted", { symbol, feedAt: quote[3], sentAt, receivedAt, paintedAt: Date.now() });
    };
    port2.postMessage(null);
  }

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(paint);
  }

  function paintElements(elements) {
    for (const element of elements) {
      for (const target of boxed.get(element) ?? []) if (target.due) paintTarget(target);
    }
    paintAges();
  }

  // --- Ages --------------------------------------------------------------------------------------------------------------

  function paintAges() {
    endBeats();
    for (const { element, symbol, base } of watched) {
      if (!screen.shows(element)) continue;
      const quote = newer(buffer.quotes.get(symbol), base);
      const waitedMs = performance.now() - (shownSince.get(symbol) ?? performance.now());
      const marked = element.hasAttribute("data-stale");
      element.toggleAttribute("data-stale", isStale({ quote, at: now(), marked, waitedMs, afterMs: staleAfter }));
    }
    for (const target of [...targets.values()].flat()) {
      if (target.field !== "age" || !screen.shows(target.box)) continue;
      const quote = newer(buffer.quotes.get(target.symbol), target.base);
      if (quote) setText(target.element, ageText(now() - quote[3]));
    }
  }

  // --- What the page shows -----------------------------------------------------------------------------------------------

  function decimalsOf(element, otherwise) {
    const decimals = Number.parseInt(element.dataset.decimals ?? element.closest("[data-decimals]")?.dataset.decimals, 10);
    return Number.isNaN(decimals) ? otherwise : decimals;
  }

  // The quote that the server rendered there: [, epoch, sequence, at], or undefined where it knew of none.
  function baseOf(box) {
    const base = [null, ...["epoch", "sequence", "at"].map((name) => Number.parseInt(box?.dataset[name], 10))];
    return base.slice(1).some(Number.isNaN) ? undefined : base;
  }

  function targetOf(element, symbol, field, decimals) {
    const box = element.closest("[data-watch]");
    const lastAt = Number.parseInt(box?.dataset.lastAt, 10) || 0;
    return { element, symbol, field, decimals, box: box ?? element, base: baseOf(box), lastAt, due: true };
  }

  function listTargets() {
    const list = [];
    for (const element of document.querySelectorAll("[data-live]")) {
      const cut = element.dataset.live.lastIndexOf(":");
      const field = element.dataset.live.slice(cut + 1);
      list.push(targetOf(element, element.dataset.live.slice(0, cut), field, decimalsOf(element, field === "change" ? 2 : 8)));
    }
    for (const field of HOLDINGS) {
      for (const element of document.querySelectorAll(`[data-${field}]`)) {
        list.push(targetOf(element, element.dataset[field], field, decimalsOf(element, 2)));
      }
    }
    return list;
  }

  function collect() {
    const before = new Map([...targets.values()].flat().map((target) => [target.element, target]));
    targets = new Map();
    boxed = new Map();
    const put = (map, key, target) => map.set(key, [...(map.get(key) ?? []), target]);
    for (const target of listTargets()) {
      const known = before.get(target.element);
      if (known?.symbol === target.symbol && known.field === target.field) target.value = known.value;
      put(targets, target.symbol, target);
      put(boxed, target.box, target);
    }
    sums = [...document.querySelectorAll("[data-sum]")].map((element) => {
      const { sum: field } = element.dataset;
      return { element, field, base: units(element, "base"), decimals: decimalsOf(element, 2), signed: field !== "value" };
    });
    watched = [...document.querySelectorAll("[data-watch]")].map((element) => {
      return { element, symbol: element.dataset.watch, base: baseOf(element) };
    });
    const whole = document.querySelectorAll("[data-tape], [data-depth], [data-chart]");
    screen.observe(new Set([...boxed.keys(), ...watched.map(({ element }) => element), ...whole]));
    for (const list of targets.values()) for (const target of list) paintTarget(target);
    paintSums();
    paintAges();
  }

  // The symbols on screen, and those that the page needs wherever it is scrolled to.
  function symbolsShown() {
    const symbols = new Set();
    for (const target of [...targets.values()].flat()) {
      const isSummed = sums.some(({ field }) => field === target.field);
      if (isSummed || screen.shows(target.box)) symbols.add(target.symbol);
    }
    for (const { element, symbol } of watched) if (screen.shows(element)) symbols.add(symbol);
    for (const element of document.querySelectorAll("[data-tape]")) if (screen.shows(element)) symbols.add(element.dataset.tape);
    for (const element of document.querySelectorAll("[data-needs]")) symbols.add(element.dataset.needs);
    symbols.delete("");
    return symbols;
  }

  const left = new Map(); // symbol -> when it was last on screen

  // What goes out of sight is watched a little longer: who scrolls back finds it live, and the watch-set is not sent at each turn.
  function wanted() {
    const at = performance.now();
    const shown = symbolsShown();
    shownSince = new Map([...shown].map((symbol) => [symbol, shownSince.get(symbol) ?? at]));
    for (const symbol of shown) left.set(symbol, at);
    for (const [symbol, when] of left) if (at - when > LINGER_MS) left.delete(symbol);
    const seen = (selector) => [...document.querySelectorAll(selector)].filter((element) => screen.shows(element));
    const depth = new Set(seen("[data-depth]").map((element) => element.dataset.depth));
    const bars = seen("[data-chart]").map((element) => [element.dataset.symbol, element.dataset.interval]);
    return { symbols: [...left.keys()].sort().slice(0, 500), depth: [...depth].sort().slice(0, 4), bars: bars.slice(0, 4) };
  }

  globalThis.tredye.paint = {
    // A message of the hub: what it carries of quotes (each with its frame), prints, books, states and bars.
    take({ q = [], p = [], d = [], s = [], b = [] }) {
      for (const [quote, frame] of q) buffer.quoteCame(quote, frame);
      for (const print of p) buffer.printCame(print);
      for (const depth of d) buffer.depthCame(depth);
      for (const state of s) buffer.stateCame(state);
      for (const bar of b) buffer.barCame(bar);
      if (!buffer.waiting.isEmpty) schedule();
    },
    setStaleAfter(milliseconds = STALE_MS) {
      staleAfter = milliseconds;
    },
    now,
    collect,
    wanted,
    decimalsOf,
    counts: () => ({ ...buffer.waiting.counts }),
    quote: (symbol) => buffer.quotes.get(symbol),
    depth: (symbol) => buffer.depths.get(symbol),
    prints: (symbol) => buffer.prints.get(symbol) || [],
    bar: (symbol, interval) => buffer.bars.get(globalThis.tredye.barKey(symbol, interval)),
  };

  setInterval(paintAges, 1000);
  // Ends the last beats of a burst; a frame may not come for a while.
  setInterval(() => flashing.size && endBeats(), BEAT_MS / 2);
})();
