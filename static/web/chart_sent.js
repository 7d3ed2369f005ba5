// Sends a change of an order and follows it until it is known what became of it.
"use strict";

(() => {
  const TIMEOUT_MS = 10000;
  const LOOK_MS = 1000;
  // As long as the server says of its own pages (apps/orders/checking.py): then it is found out for certain.
  const CHECK_MS = 15000;
  const SETTLE_MS = 5000;
  const SENTENCES = {
    403: "This page is out of date: your log-in changed. Load it again.",
    404: "This order is no longer there.",
    429: "Too many requests at once; try again in a moment.",
  };

  // {outcome: done, refused or unknown, text} of an answer; one that nobody understands leaves it unknown (pure).
  function read(status, body) {
    if (["done", "refused", "unknown"].includes(body?.outcome)) return { outcome: body.outcome, text: body.text ?? "" };
    if (status >= 400 && status < 500) return { outcome: "refused", text: SENTENCES[status] ?? "This could not be done." };
    return { outcome: "unknown", text: "" };
  }

  globalThis.tredye.chartSent = { read };
  if (typeof document === "undefined") return;

  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  function token() {
    const headers = document.body.getAttribute("hx-headers:inherited") ?? document.body.getAttribute("hx-headers");
    return JSON.parse(headers ?? "{}")["X-CSRFToken"] ?? "";
  }

  async function ask(address, options = {}) {
    const headers = { Accept: "application/json", "X-CSRFToken": token() };
    const response = await fetch(address, { headers, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
    if (response.type === "opaqueredirect") return { outcome: "refused", text: "You are logged out. Load the page again to log in." };
    return read(response.status, await response.json().catch(() => null));
  }

  async function tried(address, options) {
    try {
      return await ask(address, options);
    } catch {
      return { outcome: "unknown", text: "" };
    }
  }

  // Sends once. While the answer is lost it is looked up, and `checking(until)` told until when (ms since 1970). `find` says how:
  // `look()` only looks; after the time that was told `settle(sentMs)` finds out, again and again while trading is away and `wanted()`.
  async function send(address, { body, find, checking, wanted }) {
    const sentMs = Date.now();
    let answer = await tried(address, { method: "POST", body });
    let until = sentMs + CHECK_MS + LOOK_MS;
    if (answer.outcome === "unknown") checking(until);
    while (answer.outcome === "unknown" && wanted()) {
      const isLate = Date.now() >= until;
      if (isLate && Date.now() >= until + CHECK_MS) checking((until += CHECK_MS));
      await wait(isLate ? SETTLE_MS : LOOK_MS);
      answer = await (isLate ? find.settle(sentMs) : find.look());
    }
    return answer;
  }

  // A change with an id of its own is looked up by it, and the id closed; the cancel of an order is the same however often it is sent.
  const byId = (address) => ({
    look: () => tried(address),
    settle: (sentMs) => tried(`${address}settle/?asked=${sentMs}`, { method: "POST", body: new URLSearchParams() }),
  });
  const bySendingAgain = (address) => {
    const again = () => tried(address, { method: "POST", body: new URLSearchParams() });
    return { look: again, settle: again };
  };

  Object.assign(globalThis.tredye.chartSent, { send, byId, bySendingAgain });
})();
