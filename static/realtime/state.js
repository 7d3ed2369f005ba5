// What a page says of an instrument's trading state is read again when the stream tells that it is another one.
"use strict";

(() => {
  // A halt of everything concerns every page at once: they must not all ask in the same instant.
  const SPREAD_MS = 300;

  document.addEventListener("tredye:state", (event) => {
    const [symbol, , mark] = event.detail;
    for (const element of document.querySelectorAll("[data-trading-state]")) {
      if (element.dataset.tradingState !== symbol || element.dataset.mark === mark) continue;
      setTimeout(() => element.dispatchEvent(new CustomEvent("state-changed")), Math.random() * SPREAD_MS);
    }
  });
})();
