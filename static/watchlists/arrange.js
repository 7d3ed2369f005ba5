// Puts a list in order: rows are dragged by their handle, or moved with Alt and the arrow keys. The server keeps the order.
"use strict";

(() => {
  // --- Rules (pure) ------------------------------------------------------------------------------------------------------

  // Before which of the other rows ({ symbol, middle } from top to bottom) what is held at `y` belongs; "" for the end.
  function belongsBefore(others, y) {
    return others.find(({ middle }) => y < middle)?.symbol ?? "";
  }

  // Before which one a row comes when it goes one up or down in `symbols`; null when it cannot.
  function oneOn(symbols, symbol, step) {
    const here = symbols.indexOf(symbol);
    const there = here + step;
    if (here < 0 || there < 0 || there >= symbols.length) return null;
    return (step < 0 ? symbols[there] : symbols[there + 1]) ?? "";
  }

  (globalThis.tredye ||= {}).arrangeRules = { belongsBefore, oneOn };
  if (typeof document === "undefined") return;

  // --- The page ----------------------------------------------------------------------------------------------------------

  const list = () => document.getElementById("watchlist");
  const body = () => document.querySelector("[data-sortable]");
  const rows = () => [...(body()?.querySelectorAll("[data-row]") ?? [])];
  const symbols = () => rows().map((row) => row.dataset.row);
  let held = null; // { row, symbol, next, order }: the row that is dragged, and what was behind it

  function put(row, before) {
    const other = rows().find((each) => each.dataset.row === before) ?? null;
    if (row.nextElementSibling !== other) body().insertBefore(row, other);
  }

  async function tell(symbol, before, focus) {
    const url = list().dataset.listMove + location.search;
    await window.htmx.ajax("POST", url, { target: "#watchlist", swap: "outerHTML", values: { symbol, before } });
    if (focus) rows().find((row) => row.dataset.row === symbol)?.querySelector("[data-list-link]")?.focus();
  }

  function addHandles() {
    for (const row of rows()) {
      if (row.querySelector(".row-handle")) continue;
      const handle = document.createElement("button");
      handle.className = "row-handle";
      handle.type = "button";
      handle.tabIndex = -1;
      handle.setAttribute("aria-hidden", "true"); // the keyboard has its own way
      handle.title = "Drag to another place";
      row.firstElementChild.append(handle);
    }
  }

  function drop(keep) {
    if (!held) return;
    const { row, symbol, next, order } = held;
    held = null;
    row.classList.remove("row-dragged");
    if (!keep) return put(row, next);
    if (symbols().join() !== order) tell(symbol, row.nextElementSibling?.dataset.row ?? "", false);
  }

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.(".row-handle");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    const row = handle.closest("[data-row]");
    held = { row, symbol: row.dataset.row, next: row.nextElementSibling?.dataset.row ?? "", order: symbols().join() };
    row.classList.add("row-dragged");
    handle.setPointerCapture(event.pointerId);
  });

  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    const others = rows().filter((row) => row !== held.row);
    put(held.row, belongsBefore(others.map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return { symbol: row.dataset.row, middle: top + height / 2 };
    }), event.clientY));
  });

  document.addEventListener("pointerup", () => drop(true));
  document.addEventListener("pointercancel", () => drop(false));
  document.addEventListener("tredye:close", () => drop(false));

  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = document.activeElement?.closest("[data-sortable] [data-row]");
    if (!step || !event.altKey || !row) return;
    event.preventDefault();
    const before = oneOn(symbols(), row.dataset.row, step);
    if (before === null) return;
    put(row, before);
    tell(row.dataset.row, before, true);
  });

  document.addEventListener("htmx:after:swap", addHandles);
  addHandles();
})();
