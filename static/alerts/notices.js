// The bell, and new notices as notes over the page. The stream tells only how far the notices are; what they say is asked for.
"use strict";

(() => {
  const AGAIN_MS = 1000;
  const AGAIN_MAX_MS = 30000;

  let needed = 0; // the newest notice that the page was told of
  let failures = 0;
  let isAsking = false;
  let timer = null;

  const bell = () => document.getElementById("bell");
  const shown = () => Number.parseInt(bell()?.dataset.notices, 10) || 0;

  function show(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const fresh = answer.getElementById("bell");
    if (!fresh) return false;
    bell().replaceWith(document.adoptNode(fresh));
    const toasts = document.getElementById("toasts");
    for (const note of [...answer.querySelectorAll("[data-toasts] > *")]) toasts?.append(document.adoptNode(note));
    return true;
  }

  async function ask() {
    timer = null;
    if (isAsking || !bell() || needed <= shown()) return;
    isAsking = true;
    const before = shown();
    try {
      const response = await fetch(`/alerts/unseen/?after=${before}`, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(5000) });
      if (!response.ok || !show(await response.text())) throw new Error(`status ${response.status}`);
      failures = 0;
      document.body.dispatchEvent(new CustomEvent("notices-changed"));
    } catch {
      failures += 1; // they are kept: the next try, or the next page, shows them
    }
    isAsking = false;
    if (needed > shown()) timer ??= setTimeout(ask, Math.min(AGAIN_MS * 2 ** failures, AGAIN_MAX_MS));
  }

  document.addEventListener("tredye:notices", ({ detail }) => {
    needed = Math.max(needed, detail);
    if (timer === null) ask();
  });
})();
