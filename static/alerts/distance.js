// How far each alert is from its price, live: in percent of what the price is now.
"use strict";

(() => {
  const { numbers, paint } = globalThis.tredye;
  const { parseUnits, changeUnits, formatUnits, midUnits } = numbers;

  function now(symbol, basis) {
    if (basis === "last") return parseUnits(paint.prints(symbol)?.at(-1)?.[4]);
    const quote = paint.quote(symbol);
    if (!quote) return null;
    const [bid, ask] = [parseUnits(quote[4]), parseUnits(quote[5])];
    return { bid, ask, mid: midUnits(bid, ask) }[basis];
  }

  function show(symbol) {
    for (const element of document.querySelectorAll(`[data-alert-away^="${CSS.escape(symbol)}:"]`)) {
      const value = now(symbol, element.dataset.alertAway.slice(symbol.length + 1));
      const away = value ? changeUnits(parseUnits(element.dataset.price), value) : null;
      const text = away === null ? null : `${formatUnits(away, 2, true)}%`;
      if (text !== null && element.textContent !== text) element.textContent = text;
    }
  }

  for (const name of ["tredye:quote", "tredye:print"]) document.addEventListener(name, ({ detail }) => show(detail[0]));
})();
