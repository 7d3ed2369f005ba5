// Keys for the instrument that has the focus, or the pointer, in a list, or that the page is about: w its star, b and s its ticket.
"use strict";

(() => {
  function row() {
    return document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row]:hover");
  }

  function isTyping(element) {
    return element.matches?.("input:not([type=radio], [type=checkbox]), select, textarea") || element.isContentEditable;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "w" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const star = (row() ?? document.querySelector(".instrument-head"))?.querySelector("[data-star]");
    if (!star) return;
    event.preventDefault();
    star.click();
    if (star.matches("summary")) star.focus();
  });

  // What the keys b and s mean beside a ticket, a row means too: its ticket.
  document.addEventListener("tredye:side", (event) => {
    const link = row()?.querySelector(`[data-row-side="${event.detail}"]`);
    if (link) location.href = link.href;
  });
})();
