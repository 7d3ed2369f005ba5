// Buttons that copy what a field holds. Without scripts, or where the browser forbids it, the field is there to be copied by hand.
"use strict";

(() => {
  const SAID_MS = 2000;

  function show(root) {
    if (!navigator.clipboard) return;
    for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const field = button && document.querySelector(button.dataset.copy);
    if (!field) return;
    const label = button.querySelector("span");
    const before = (button.dataset.label ||= label.textContent);
    try {
      await navigator.clipboard.writeText(field.value);
      label.textContent = "Copied";
    } catch {
      field.select();
      label.textContent = "Press Ctrl+C";
    }
    setTimeout(() => {
      label.textContent = before;
    }, SAID_MS);
  });

  document.addEventListener("htmx:after:swap", () => show(document));
  show(document);
})();
