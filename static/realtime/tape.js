// The tape: <div data-tape="SYMBOL" data-decimals="2" data-quantity-decimals="4">: rows of fixed height, newest first. A trade of
// the page's own account is marked: its event tells the same instant, price and quantity. So do those that were there before the
// page, at data-own-prints.
"use strict";

(() => {
  const { parseUnits, formatUnits } = globalThis.tredye.numbers;
  const { setText } = globalThis.tredye;
  const ROWS = 40;
  const OWN_MAX = 200;
  const TIMEOUT_MS = 10000;
  const EMPTY = "\u00a0";
  const tapes = new Map(); // element -> its rows
  const due = new Set();

  const own = new Set(); // what identifies the own trades
  const asked = new WeakSet();

  // A print and the event of a fill of one trade have the same key (pure). Nanoseconds lose their last digits in a number: whole
  // microseconds come, so half of one more keeps the millisecond.
  const keyOf = (symbol, atMs, price, quantity) => [symbol, atMs, parseUnits(price), parseUnits(quantity)].join(" ");

  function makeRow() {
    const row = document.createElement("div");
    row.className = "tape-row";
    const cells = ["time", "price", "quantity"].map((name) => {
      const cell = document.createElement("span");
      cell.className = `tape-${name}`;
      cell.textContent = EMPTY;
      row.append(cell);
      return cell;
    });
    return { row, cells };
  }

  function build(element) {
    const rows = Array.from({ length: ROWS }, makeRow);
    element.replaceChildren(...rows.map(({ row }) => row));
    tapes.set(element, rows);
    return rows;
  }

  function paint(element) {
    const prints = globalThis.tredye.paint.prints(element.dataset.tape).toReversed();
    if (!prints.length && !tapes.get(element)) return void tapes.set(element, null); // what stands there says what it waits for
    const rows = tapes.get(element) || build(element);
    const decimals = globalThis.tredye.paint.decimalsOf(element, 8);
    const given = Number.parseInt(element.dataset.quantityDecimals, 10);
    rows.forEach(({ row, cells }, place) => {
      const print = prints[place];
      if (!print) return;
      const [, , , at, price, quantity, side, source] = print;
      row.dataset.side = side;
      row.dataset.source = source;
      row.toggleAttribute("data-own", source === "BOOK" && own.has(keyOf(print[0], at, price, quantity)));
      setText(cells[0], new Date(at).toLocaleTimeString([], { hour12: false }));
      setText(cells[1], formatUnits(parseUnits(price), decimals));
      setText(cells[2], formatUnits(parseUnits(quantity), Number.isNaN(given) ? 8 : given));
    });
  }

  function remember(symbol, at, price, quantity) {
    own.add(keyOf(symbol, at, price, quantity));
    if (own.size > OWN_MAX) own.delete(own.values().next().value);
  }

  // Once for an element. Without an answer only what happens from now on is marked, until the page is loaded again.
  async function readOwn(element) {
    const { tape: symbol, ownPrints: address } = element.dataset;
    if (!address || asked.has(element)) return;
    asked.add(element);
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) return;
      for (const fill of (await response.json()).fills) remember(symbol, ...fill);
      paint(element);
    } catch {
      asked.delete(element); // the network: the next look at the page asks again
    }
  }

  function collect() {
    for (const element of tapes.keys()) if (!element.isConnected) tapes.delete(element);
    for (const element of document.querySelectorAll("[data-tape]")) {
      paint(element);
      readOwn(element);
    }
  }

  // Prints come one event each; a burst of them is one repaint.
  document.addEventListener("tredye:print", (event) => {
    if (!due.size) queueMicrotask(() => {
      const symbols = new Set(due);
      due.clear();
      for (const element of tapes.keys()) if (symbols.has(element.dataset.tape)) paint(element);
    });
    due.add(event.detail[0]);
  });
  document.addEventListener("tredye:account", ({ detail }) => {
    if (detail.type !== "ORDER_FILLED") return;
    remember(detail.symbol, Math.floor((detail.at_ns + 500) / 1000000), detail.price, detail.quantity);
    for (const element of tapes.keys()) if (element.dataset.tape === detail.symbol) paint(element);
  });
  for (const name of ["htmx:after:swap", "htmx:after:settle"]) document.addEventListener(name, collect);
  collect();
})();
