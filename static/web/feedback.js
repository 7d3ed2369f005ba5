// What went wrong with a request of the page itself: a short note, never a page swapped into a table.
"use strict";

(() => {
  const SHOWN_MS = 8000;
  const NOTES_MAX = 3;

  const box = document.getElementById("toasts");
  if (!box) return;

  function note(text, level) {
    for (const old of box.children) if (old.textContent === text) return;
    const item = document.createElement("p");
    item.className = `message message-${level}`;
    item.textContent = text;
    box.append(item);
  }

  // Whoever adds a note, this script or an answer of the server: it goes after a while, and there are never many.
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const item of change.addedNodes) setTimeout(() => item.remove(), SHOWN_MS);
    }
    while (box.children.length > NOTES_MAX) box.firstElementChild.remove();
  }).observe(box, { childList: true });

  const SENTENCES = {
    403: "This page is out of date: your log-in changed. Load it again.",
    404: "This is no longer there.",
    429: "Too many requests at once; try again in a moment.",
  };

  document.addEventListener("htmx:response:error", (event) => {
    const { request, response } = event.detail.ctx;
    const { status } = response;
    if (status === 401 || status === 422) return;
    const isPaused = response.headers.has("Tredye-Not-Begun");
    const paused = request.method === "GET" ? "This cannot be read for a moment." : "Trading is paused: nothing was sent, and nothing was done.";
    note(SENTENCES[status] || (isPaused ? paused : "Tredye could not do this now. Try again in a moment."), "error");
  });

  document.addEventListener("htmx:error", (event) => {
    if (!event.detail.ctx) return;
    note("No answer from Tredye. Check the connection and try again.", "error");
  });

  document.addEventListener("tredye:note", (event) => note(event.detail.text, event.detail.level || "info"));
})();
