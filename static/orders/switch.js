// The dead man's switch: how long it is until it fires, and renewing it in time where the reader has asked for that.
"use strict";

(() => {
  const AGAIN_MS = 2000;

  // --- Rules (pure) ------------------------------------------------------------------------------------------------------

  function leftText(seconds) {
    if (seconds <= 0) return ", which is now";
    const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
    return minutes ? `, in ${minutes} min ${String(rest).padStart(2, "0")} s` : `, in ${rest} s`;
  }

  // A page in the background does not renew: nobody is there to see what it keeps alive.
  function renewsNow({ leftMs, beforeS, hidden, sinceMs }) {
    return beforeS > 0 && !hidden && leftMs <= beforeS * 1000 && sinceMs >= AGAIN_MS;
  }

  const tredye = (globalThis.tredye ||= {});
  tredye.switchRules = { leftText, renewsNow };
  if (typeof document === "undefined") return;

  // --- The page ----------------------------------------------------------------------------------------------------------

  let askedAt = 0;

  function draw() {
    const shown = document.querySelector("[data-countdown]");
    if (!shown) return;
    const leftMs = Number(shown.dataset.countdown) - (tredye.paint?.now() ?? Date.now());
    const text = leftText(Math.ceil(leftMs / 1000));
    shown.hidden = false;
    if (shown.textContent !== text) shown.textContent = text;
    const form = document.querySelector("[data-renew-before]");
    const sinceMs = Date.now() - askedAt;
    if (form && leftMs > 0 && renewsNow({ leftMs, beforeS: Number(form.dataset.renewBefore), hidden: document.hidden, sinceMs })) {
      askedAt = Date.now();
      form.requestSubmit();
    } else if (leftMs <= 0 && sinceMs >= AGAIN_MS) {
      askedAt = Date.now();
      document.body.dispatchEvent(new CustomEvent("switch-changed")); // what became of it
    }
  }

  setInterval(draw, 500);
  document.addEventListener("visibilitychange", draw);
  draw();
})();
