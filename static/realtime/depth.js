// The depth ladder: <div data-depth="SYMBOL" data-decimals="2" data-quantity-decimals="4">. A level is marked as one's own where
// the page shows an open order at its price: an element with data-own-symbol, data-own-price and data-own-quantity.
// Ten rows a side of fixed height; what changes is text and two custom properties: --share (of the cumulated quantity) and
// --customers (of the level). The spread between them tells, while a row is pointed at or focused, what trading down to it would
// cost. A click on a row, or Enter, sends tredye:price-picked {symbol, side, price}; arrow keys walk from row to row.
"use strict";

(() => {
  const { parseUnits, formatUnits, MISSING } = globalThis.tredye.numbers;
  const ROWS = 10;
  const UNIT = 10n ** 8n;
  const EMPTY = "Nobody quotes now";
  const COLUMNS = { own: "Yours", price: "Price", quantity: "Size", total: "Sum" };

  // Levels with their cumulated quantity, its cost, and its share of the larger side in thousandths (pure).
  function cumulate(bids, asks, rows = ROWS) {
    const sides = [bids, asks].map((levels) => {
      let [total, cost] = [0n, 0n];
      return levels.slice(0, rows).map(([price, quantity, customers]) => {
        total += parseUnits(quantity);
        cost += (parseUnits(price) * parseUnits(quantity)) / UNIT;
        return { price, quantity, customers, total, cost };
      });
    });
    const most = sides.reduce((top, levels) => (levels.length && levels.at(-1).total > top ? levels.at(-1).total : top), 1n);
    for (const levels of sides) {
      for (const level of levels) {
        const quantity = parseUnits(level.quantity);
        level.share = Number((level.total * 1000n) / most);
        level.byCustomers = quantity ? Number((parseUnits(level.customers) * 1000n) / quantity) : 0;
      }
    }
    return { bids: sides[0], asks: sides[1] };
  }

  globalThis.tredye.cumulate = cumulate;
  if (typeof document === "undefined") return;

  const { setText } = globalThis.tredye;
  const ladders = new Map(); // element -> its rows

  function makeRow(side) {
    const row = document.createElement("button");
    row.type = "button";
    row.className = `depth-row depth-${side}`;
    row.dataset.side = side;
    row.disabled = true;
    row.tabIndex = -1;
    return { row, cells: makeCells(row), level: null };
  }

  function makeCells(row) {
    return Object.keys(COLUMNS).map((name) => {
      const cell = document.createElement("span");
      cell.className = `depth-${name}`;
      cell.textContent = name === "own" ? "" : MISSING;
      row.append(cell);
      return cell;
    });
  }

  function makeHead() {
    const head = document.createElement("div");
    head.className = "depth-head";
    makeCells(head).forEach((cell, place) => (cell.textContent = Object.values(COLUMNS)[place]));
    return head;
  }

  function build(element) {
    const asks = Array.from({ length: ROWS }, () => makeRow("ask"));
    const bids = Array.from({ length: ROWS }, () => makeRow("bid"));
    const spread = document.createElement("div");
    spread.className = "depth-spread";
    spread.textContent = MISSING;
    element.replaceChildren(makeHead(), ...asks.toReversed().map(({ row }) => row), spread, ...bids.map(({ row }) => row));
    bids[0].row.tabIndex = 0;
    const ladder = { asks, bids, spread, pointed: null, standsSince: 0 };
    ladders.set(element, ladder);
    listen(element, ladder);
    return ladder;
  }

  // --- Pointing and walking ------------------------------------------------------------------------------------------------

  const WALK = { ArrowUp: -1, ArrowDown: 1 };

  function point(element, ladder, row) {
    if (ladder.pointed === row) return;
    ladder.pointed = row;
    for (const side of [ladder.asks, ladder.bids]) {
      const place = side.findIndex((each) => each.row === row);
      side.forEach((each, at) => each.row.toggleAttribute("data-reach", at <= place));
    }
    tellMiddle(element, ladder);
  }

  function walk(ladder, from, step) {
    const rows = [...ladder.asks.toReversed(), ...ladder.bids].map(({ row }) => row).filter((row) => !row.disabled);
    const next = rows[rows.indexOf(from) + step];
    if (!next) return;
    from.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  function listen(element, ladder) {
    const rowOf = (event) => event.target.closest?.(".depth-row");
    element.addEventListener("pointerover", (event) => point(element, ladder, rowOf(event) ?? null));
    element.addEventListener("pointerleave", () => point(element, ladder, null));
    element.addEventListener("focusin", (event) => point(element, ladder, rowOf(event) ?? null));
    element.addEventListener("focusout", () => point(element, ladder, null));
    element.addEventListener("keydown", (event) => {
      const [step, row] = [WALK[event.key], rowOf(event)];
      if (!step || !row) return;
      event.preventDefault();
      event.stopPropagation();
      walk(ladder, row, step);
    });
  }

  // --- Painting ------------------------------------------------------------------------------------------------------------

  function paintRow(each, level, show) {
    const { row, cells } = each;
    each.level = level ?? null;
    row.disabled = !level;
    row.dataset.price = level ? level.price : "";
    const own = level ? show.own.get(parseUnits(level.price)) : undefined;
    row.toggleAttribute("data-own", own !== undefined);
    setText(cells[0], own ? short(own, show.quantityDecimals) : "");
    setText(cells[1], level ? formatUnits(parseUnits(level.price), show.decimals) : MISSING);
    setText(cells[2], level ? formatUnits(parseUnits(level.quantity), show.quantityDecimals) : MISSING);
    setText(cells[3], level ? formatUnits(level.total, show.quantityDecimals) : MISSING);
    row.style.setProperty("--share", level ? `${level.share / 10}%` : "0%");
    row.style.setProperty("--customers", level ? `${level.byCustomers / 10}%` : "0%");
  }

  // An own quantity without needless zeros: its column is narrow.
  const short = (units, decimals) => formatUnits(units, decimals).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

  // Price -> what is left of the own orders at it.
  function ownLevels(symbol) {
    const own = new Map();
    for (const { dataset } of document.querySelectorAll(`[data-own-price][data-own-symbol="${CSS.escape(symbol)}"]`)) {
      const price = parseUnits(dataset.ownPrice);
      own.set(price, (own.get(price) ?? 0n) + (parseUnits(dataset.ownQuantity) ?? 0n));
    }
    return own;
  }

  // The spread; while a row is pointed at, what everything down to it comes to.
  function tellMiddle(element, ladder) {
    const show = showOf(element);
    const [bid, ask] = [ladder.bids[0].level, ladder.asks[0].level];
    const reached = ladder.pointed && [...ladder.asks, ...ladder.bids].find(({ row }) => row === ladder.pointed)?.level;
    ladder.spread.toggleAttribute("data-reach", Boolean(reached));
    if (reached) {
      const average = (reached.cost * UNIT) / reached.total;
      const cost = formatUnits(reached.cost, show.quoteDecimals);
      setText(ladder.spread, `avg ${formatUnits(average, show.decimals)} · ${cost}`);
    } else if (ladder.standsSince) {
      ladder.spread.removeAttribute("data-empty");
      setText(ladder.spread, `As of ${globalThis.tredye.modes.clock(ladder.standsSince)}`);
    } else {
      ladder.spread.toggleAttribute("data-empty", !bid && !ask);
      if (!bid && !ask) return void setText(ladder.spread, EMPTY);
      const spread = bid && ask ? parseUnits(ask.price) - parseUnits(bid.price) : null;
      setText(ladder.spread, spread === null ? MISSING : `Spread ${formatUnits(spread, show.decimals)}`);
    }
  }

  function showOf(element) {
    const number = (name, otherwise) => {
      const value = Number.parseInt(element.dataset[name], 10);
      return Number.isNaN(value) ? otherwise : value;
    };
    return {
      decimals: globalThis.tredye.paint.decimalsOf(element, 8),
      quantityDecimals: number("quantityDecimals", 8),
      quoteDecimals: number("quoteDecimals", 2),
      own: ownLevels(element.dataset.depth),
    };
  }

  function paint(element) {
    const depth = globalThis.tredye.paint.depth(element.dataset.depth);
    if (!depth) return void (ladders.has(element) || ladders.set(element, null)); // what stands there says what it waits for
    const ladder = ladders.get(element) || build(element);
    const levels = cumulate(depth[4], depth[5]);
    const show = showOf(element);
    ladder.asks.forEach((row, place) => paintRow(row, levels.asks[place], show));
    ladder.bids.forEach((row, place) => paintRow(row, levels.bids[place], show));
    tellStanding(element, ladder, depth[3]);
  }

  // A book comes over the event log, prices need not: while that is away it is greyed, and says of when it is.
  function tellStanding(element, ladder, madeAt) {
    ladder.standsSince = globalThis.tredye.modes?.isLogAway() ? madeAt : 0;
    element.toggleAttribute("data-late", Boolean(ladder.standsSince));
    tellMiddle(element, ladder);
  }

  function collect() {
    for (const element of ladders.keys()) if (!element.isConnected) ladders.delete(element);
    for (const element of document.querySelectorAll("[data-depth]")) paint(element);
  }

  document.addEventListener("tredye:depth", (event) => {
    for (const element of ladders.keys()) if (element.dataset.depth === event.detail[0]) paint(element);
  });
  document.addEventListener("tredye:modes", () => {
    for (const element of ladders.keys()) paint(element);
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.(".depth-row");
    const ladder = row?.closest("[data-depth]");
    if (!ladder || !row.dataset.price) return;
    const detail = { symbol: ladder.dataset.depth, side: row.dataset.side, price: row.dataset.price };
    document.dispatchEvent(new CustomEvent("tredye:price-picked", { detail }));
  });
  for (const name of ["htmx:after:swap", "htmx:after:settle"]) document.addEventListener(name, collect);
  collect();
})();
