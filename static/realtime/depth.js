// The depth ladder: <div data-depth="SYMBOL" data-decimals="2" data-quantity-decimals="4">. A level is marked as one's own where
// the page shows an open order at its price: an element with data-own-symbol and data-own-price.
// Ten rows a side of fixed height; what changes is text and two custom properties: --share (of the cumulated quantity) and
// --customers (of the level). A click on a row sends tredye:price-picked {symbol, side, price}.
"use strict";

(() => {
  const { parseUnits, formatUnits, MISSING } = globalThis.tredye.numbers;
  const ROWS = 10;

  // Levels with their cumulated quantity and its share of the larger side, in thousandths (pure).
  function cumulate(bids, asks, rows = ROWS) {
    const sides = [bids, asks].map((levels) => {
      let total = 0n;
      return levels.slice(0, rows).map(([price, quantity, customers]) => {
        total += parseUnits(quantity);
        return { price, quantity, customers, total };
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

  const ladders = new Map(); // element -> its rows

  function makeRow(side) {
    const row = document.createElement("button");
    row.type = "button";
    row.className = `depth-row depth-${side}`;
    row.dataset.side = side;
    row.disabled = true;
    const cells = ["price", "quantity", "total"].map((name) => {
      const cell = document.createElement("span");
      cell.className = `depth-${name}`;
      cell.textContent = MISSING;
      row.append(cell);
      return cell;
    });
    return { row, cells };
  }

  function build(element) {
    const asks = Array.from({ length: ROWS }, () => makeRow("ask"));
    const bids = Array.from({ length: ROWS }, () => makeRow("bid"));
    const spread = document.createElement("div");
    spread.className = "depth-spread";
    spread.textContent = MISSING;
    element.replaceChildren(...asks.toReversed().map(({ row }) => row), spread, ...bids.map(({ row }) => row));
    const ladder = { asks, bids, spread };
    ladders.set(element, ladder);
    return ladder;
  }

  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function paintRow({ row, cells }, level, show) {
    row.disabled = !level;
    row.dataset.price = level ? level.price : "";
    row.toggleAttribute("data-own", Boolean(level) && show.own.has(parseUnits(level.price)));
    setText(cells[0], level ? formatUnits(parseUnits(level.price), show.decimals) : MISSING);
    setText(cells[1], level ? formatUnits(parseUnits(level.quantity), show.quantityDecimals) : MISSING);
    setText(cells[2], level ? formatUnits(level.total, show.quantityDecimals) : MISSING);
    row.style.setProperty("--share", level ? `${level.share / 10}%` : "0%");
    row.style.setProperty("--customers", level ? `${level.byCustomers / 10}%` : "0%");
  }

  function ownPrices(symbol) {
    const orders = document.querySelectorAll(`[data-own-price][data-own-symbol="${CSS.escape(symbol)}"]`);
    return new Set([...orders].map((order) => parseUnits(order.dataset.ownPrice)));
  }

  function paint(element) {
    const depth = globalThis.tredye.paint.depth(element.dataset.depth);
    const ladder = ladders.get(element) || build(element);
    if (!depth) return;
    const levels = cumulate(depth[4], depth[5]);
    const quantityDecimals = Number.parseInt(element.dataset.quantityDecimals, 10);
    const show = {
      decimals: globalThis.tredye.paint.decimalsOf(element, 8),
      quantityDecimals: Number.isNaN(quantityDecimals) ? 8 : quantityDecimals,
      own: ownPrices(element.dataset.depth),
    };
    ladder.asks.forEach((row, place) => paintRow(row, levels.asks[place], show));
    ladder.bids.forEach((row, place) => paintRow(row, levels.bids[place], show));
    const [bid, ask] = [levels.bids[0], levels.asks[0]];
    const spread = bid && ask ? parseUnits(ask.price) - parseUnits(bid.price) : null;
    setText(ladder.spread, spread === null ? MISSING : `Spread ${formatUnits(spread, show.decimals)}`);
  }

  function collect() {
    for (const element of ladders.keys()) if (!element.isConnected) ladders.delete(element);
    for (const element of document.querySelectorAll("[data-depth]")) paint(element);
  }

  document.addEventListener("tredye:depth", (event) => {
    for (const element of ladders.keys()) if (element.dataset.depth === event.detail[0]) paint(element);
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
