// The page while the database is away: it looks by itself whether it is back, and until then shows what the stream tells.
"use strict";

(() => {
  const FIRST_MS = 1000;
  const MAX_MS = 8000;
  const ANSWER_MS = 4000;
  const CAME_BACK_KEY = "tredye-away-back";
  const SOON_MS = 15000; // back and away again within this: it is not stable yet

  const link = document.querySelector("[data-away-again]");
  const said = document.querySelector("[data-away-looking]");
  const url = link.dataset.awayAgain;
  const isThisPage = new URL(url, location.href).pathname === location.pathname;
  const cameBackAt = Number(sessionStorage.getItem(CAME_BACK_KEY)) || 0;
  let wait = Date.now() - cameBackAt < SOON_MS ? MAX_MS : FIRST_MS;

  for (const element of document.querySelectorAll("[data-away-live]")) element.hidden = false;
  for (const time of document.querySelectorAll("[data-away-since]")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour12: false });
  }
  said.textContent = isThisPage ? "This page looks every few seconds, and comes back by itself." : "This page says when trading goes on.";
  document.addEventListener("tredye:status", ({ detail }) => {
    for (const element of document.querySelectorAll("[data-away-prices]")) element.hidden = detail.name !== "live";
  });
  globalThis.tredye.stream?.refresh();

  // Only what was asked is asked again; what was sent by a form is left to the reader.
  function back() {
    sessionStorage.setItem(CAME_BACK_KEY, String(Date.now()));
    if (isThisPage) location.replace(url);
    else said.textContent = "Trading goes on.";
  }

  async function isBack() {
    try {
      const response = await fetch(url, { method: "HEAD", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) });
      return response.status < 500; // 0 for a redirect that is not followed
    } catch {
      return false;
    }
  }

  async function look() {
    if (!document.hidden && (await isBack())) {
      back();
      return;
    }
    wait = Math.min(MAX_MS, wait * 1.5);
    setTimeout(look, wait * (0.5 + Math.random() / 2));
  }

  setTimeout(look, wait);
})();
