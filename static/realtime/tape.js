// The tape: <div data-tape="SYMBOL" data-decimals="2" data-quantity-decimals="4">: twenty rows of fixed height, newest first.
"use strict";

(() => {
  const { parseUnits, formatUnits } = globalThis.tredye.numbers;
  const ROWS = 20;
  const EMPTY = "\u00a0";
  const tapes = new Map(); // element -> its rows
  const due = new Set();

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

  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function paint(element) {
    const rows = tapes.get(element) || build(element);
    const prints = globalThis.tredye.paint.prints(element.dataset.tape).toReversed();
    const decimals = globalThis.tredye.paint.decimalsOf(element, 8);
    const given = Number.parseInt(element.dataset.quantityDecimals, 10);
    rows.forEach(({ row, cells }, place) => {
      const print = prints[place];
      if (!print) return;
      const [, , , at, price, quantity, side, source] = print;
      row.dataset.side = side;
      row.dataset.source = source;
      setText(cells[0], new Date(at).toLocaleTimeString([], { hour12: false }));
      setText(cells[1], formatUnits(parseUnits(price), decimals));
      setText(cells[2], formatUnits(parseUnits(quantity), Number.isNaN(given) ? 8 : given));
    });
  }

  function collect() {
    for (const element of tapes.keys()) if (!element.isConnected) tapes.delete(element);
    for (const element of document.querySelectorAll("[data-tape]")) paint(element);
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
  for (const name of ["htmx:after:swap", "htmx:after:settle"]) document.addEventListener(name, collect);
  collect();
})();
