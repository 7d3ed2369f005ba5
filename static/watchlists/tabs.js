// Puts the lists themselves in order: a tab is dragged with a mouse, or moved with Alt and the arrow keys. Without scripts the menu of
// a list has buttons for it. The server keeps the order.
"use strict";

(() => {
  // --- Rules (pure) ------------------------------------------------------------------------------------------------------

  // Before which of the other tabs ({ id, middle } from left to right) what is held at `x` belongs; "" for the end.
  function belongsBefore(others, x) {
    return others.find(({ middle }) => x < middle)?.id ?? "";
  }

  (globalThis.tredye ||= {}).tabRules = { belongsBefore };
  if (typeof document === "undefined") return;

  // --- The page ----------------------------------------------------------------------------------------------------------

  const SLACK_PX = 6; // less is a click
  const { oneOn } = globalThis.tredye.arrangeRules;
  const bar = () => document.querySelector("[data-list-tabs]");
  const tabs = () => [...(bar()?.querySelectorAll("[data-tab]") ?? [])];
  const ids = () => tabs().map((tab) => tab.dataset.tab);
  let held = null; // { tab, x, next, order, isMoved }: the tab under the pointer, where it was pressed, and what was behind it
  let wasDragged = false; // just now: the click that follows is none

  function put(tab, before) {
    const other = tabs().find((each) => each.dataset.tab === before) ?? null;
    if (tab.nextElementSibling !== other) bar().insertBefore(tab, other);
  }

  async function tell(tab, before, focus) {
    const id = tab.dataset.tab;
    const values = { before, shown: bar().dataset.shown };
    await window.htmx.ajax("POST", tab.dataset.place + location.search, { target: "#watchlist", swap: "outerHTML", values });
    if (focus) tabs().find((each) => each.dataset.tab === id)?.focus();
  }

  function drop(keep) {
    if (!held) return;
    const { tab, next, order, isMoved } = held;
    held = null;
    tab.classList.remove("tab-dragged");
    if (!isMoved) return;
    wasDragged = true;
    setTimeout(() => (wasDragged = false), 0); // what the browser makes of the release comes before that
    if (!keep) put(tab, next);
    else if (ids().join() !== order) tell(tab, tab.nextElementSibling?.dataset.tab ?? "", false);
  }

  document.addEventListener("pointerdown", (event) => {
    const tab = event.target.closest?.("[data-tab]");
    // A finger scrolls the tabs.
    if (!tab || event.button !== 0 || event.pointerType === "touch" || tabs().length < 2) return;
    held = { tab, x: event.clientX, next: tab.nextElementSibling?.dataset.tab ?? "", order: ids().join(), isMoved: false };
  });

  document.addEventListener("pointermove", (event) => {
    if (!held || (!held.isMoved && Math.abs(event.clientX - held.x) < SLACK_PX)) return;
    held.isMoved = true;
    held.tab.classList.add("tab-dragged");
    const others = tabs().filter((tab) => tab !== held.tab).map((tab) => {
      const { left, width } = tab.getBoundingClientRect();
      return { id: tab.dataset.tab, middle: left + width / 2 };
    });
    put(held.tab, belongsBefore(others, event.clientX));
  });

  document.addEventListener("click", (event) => wasDragged && event.preventDefault(), true);
  document.addEventListener("pointerup", () => drop(true));
  document.addEventListener("pointercancel", () => drop(false));
  document.addEventListener("tredye:close", () => drop(false));
  // The browser's own drag of a link would take the pointer away.
  document.addEventListener("dragstart", (event) => event.target.closest?.("[data-tab]") && event.preventDefault());

  document.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const tab = document.activeElement?.closest("[data-tab]");
    if (!step || !event.altKey || !tab) return;
    event.preventDefault(); // it would go back in the history
    const before = oneOn(ids(), tab.dataset.tab, step);
    if (before === null) return;
    put(tab, before);
    tell(tab, before, true);
  });
})();
