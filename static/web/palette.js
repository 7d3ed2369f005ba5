// The search of every page: "/" opens it, what is typed is looked for by the server, arrow keys choose, Enter opens.
"use strict";

(() => {
  // --- Rules (pure) ------------------------------------------------------------------------------------------------------

  // The place of what is chosen among `count` after `key`; round the ends. -1 while there is nothing to choose.
  function chosenAfter(key, chosen, count) {
    if (!count) return -1;
    switch (key) {
      case "ArrowDown": return (chosen + 1) % count;
      case "ArrowUp": return (chosen - 1 + count) % count;
      default: return Math.min(Math.max(chosen, 0), count - 1);
    }
  }

  // What Enter does: "open" what is chosen, "wait" while what is shown was found for another text, or nothing.
  function onEnter({ typed, foundFor, count }) {
    if (typed.trim().replace(/\s+/g, " ") !== foundFor) return "wait";
    return count ? "open" : "nothing";
  }

  (globalThis.tredye ||= {}).paletteRules = { chosenAfter, onEnter };
  if (typeof document === "undefined") return;

  // --- The page ----------------------------------------------------------------------------------------------------------

  const palette = document.getElementById("palette");
  if (!palette) return;
  const input = palette.querySelector("input");
  const form = palette.querySelector("form");
  const found = document.getElementById("palette-found");
  let chosen = 0;
  let opensWhenFound = false; // Enter came before the answer

  const options = () => [...found.querySelectorAll("[role=option]")];
  const foundFor = () => found.querySelector("[data-palette-text]")?.dataset.paletteText ?? null;

  function choose(place) {
    chosen = place;
    options().forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === place));
      if (index !== place) return;
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    });
    if (place < 0) input.removeAttribute("aria-activedescendant");
  }

  function open() {
    if (palette.open) return;
    palette.showModal();
    input.value = "";
    opensWhenFound = false;
    form.dispatchEvent(new CustomEvent("palette-open"));
    input.focus();
  }

  // A closed dialog keeps the focus until the next frame is drawn: a key in between would be taken for typing, and be lost.
  function close() {
    palette.close();
    if (palette.contains(document.activeElement)) document.activeElement.blur();
  }

  function enter() {
    const what = onEnter({ typed: input.value, foundFor: foundFor(), count: options().length });
    if (what === "open") options()[Math.max(chosen, 0)].click();
    opensWhenFound = what === "wait";
  }

  document.addEventListener("tredye:search", open);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-palette-open]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open();
    }
    if (event.target === palette || event.target.closest("[data-palette-close]")) close();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    enter();
  });
  palette.addEventListener("keydown", (event) => {
    event.stopPropagation(); // no key of the page means anything meanwhile
    if (event.key === "Escape") { // of itself a search field is only emptied
      event.preventDefault();
      close();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    choose(chosenAfter(event.key, chosen, options().length));
  });
  input.addEventListener("input", () => (opensWhenFound = false));
  found.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(options().indexOf(option));
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!palette.open) return;
    choose(options().length ? 0 : -1);
    if (opensWhenFound) enter();
  });
})();
