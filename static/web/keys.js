// The keyboard: "/" searches, "b" and "s" turn the ticket, Esc closes, arrow keys walk through a list of links.
"use strict";

(() => {
  function isTyping(element) {
    return element && (element.matches("input:not([type=radio], [type=checkbox]), select, textarea") || element.isContentEditable);
  }

  function search() {
    const field = document.querySelector("[data-search]");
    if (field) {
      field.focus();
      field.select();
    } else {
      document.dispatchEvent(new CustomEvent("tredye:search"));
    }
  }

  function close() {
    if (isTyping(document.activeElement)) document.activeElement.blur();
    document.dispatchEvent(new CustomEvent("tredye:close"));
  }

  function walk(step) {
    const links = [...document.querySelectorAll("[data-list] [data-list-link]")].filter((link) => link.offsetParent !== null);
    if (!links.length) return false;
    const here = links.indexOf(document.activeElement);
    if (here < 0 && !document.activeElement?.matches("[data-search], [data-list-search], body")) return false;
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1);
    links[next].focus();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return close();
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (arrow && (!isTyping(event.target) || event.target.matches("[data-search], [data-list-search]"))) {
      if (walk(arrow)) event.preventDefault();
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      search();
    } else if (event.key === "b" || event.key === "s") {
      event.preventDefault(); // the letter must not land in the field that gets the focus
      document.dispatchEvent(new CustomEvent("tredye:side", { detail: event.key === "b" ? "BUY" : "SELL" }));
    }
  });
})();

// An open menu closes with Esc and with a click beside it.
(() => {
  function closeMenus(except) {
    for (const menu of document.querySelectorAll("[data-menu][open]")) if (menu !== except) menu.open = false;
  }
  document.addEventListener("tredye:close", () => closeMenus(null));
  document.addEventListener("click", (event) => closeMenus(event.target.closest("[data-menu]")));
})();
