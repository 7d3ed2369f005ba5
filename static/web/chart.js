// The candle chart. Numbers become floats here for drawing only; whatever is shown as text or sent is a string from the server.
"use strict";

(() => {
  const SECONDS = { "1s": 1, "1m": 60, "5m": 300, "1h": 3600, "1d": 86400 };
  const element = document.querySelector("[data-chart]");
  if (!element || !window.LightweightCharts) return;

  const { createChart, CandlestickSeries, HistogramSeries, CrosshairMode } = window.LightweightCharts;
  const note = element.querySelector("[data-chart-note]");
  const decimals = Number.parseInt(element.dataset.decimals, 10);
  const symbol = element.dataset.symbol;
  let interval = element.dataset.interval;
  let last = null; // the newest bar, as numbers
  let asked = 0; // counts loads, so that a late answer of an earlier one is dropped
  let wasLive = true;

  function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  function look() {
    return {
      layout: { background: { color: color("surface") }, textColor: color("muted"), attributionLogo: false, fontSize: 11 },
      grid: { vertLines: { color: color("line") }, horzLines: { color: color("line") } },
      rightPriceScale: { borderColor: color("line") },
      timeScale: { borderColor: color("line"), timeVisible: interval !== "1d", secondsVisible: interval === "1s" },
    };
  }

  function candleLook() {
    const [up, down] = [color("up"), color("down")];
    return { upColor: up, borderUpColor: up, wickUpColor: up, downColor: down, borderDownColor: down, wickDownColor: down };
  }

  const offset = new Date().getTimezoneOffset() * -60; // the library draws UTC; readers want their own clock
  const chart = createChart(element, {
    autoSize: true,
    crosshair: { mode: CrosshairMode.Normal },
    localization: { priceFormatter: (price) => price.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }) },
    ...look(),
  });
  const candles = chart.addSeries(CandlestickSeries, {
    ...candleLook(),
    priceFormat: { type: "price", precision: decimals, minMove: 1 / 10 ** decimals },
  });
  const volume = chart.addSeries(HistogramSeries, { priceFormat: { type: "volume" }, priceScaleId: "", lastValueVisible: false, priceLineVisible: false });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });

  function say(text) {
    note.textContent = text;
    note.hidden = !text;
  }

  function volumeBar(bar) {
    return { time: bar.time, value: bar.volume, color: bar.close >= bar.open ? color("up-soft") : color("down-soft") };
  }

  function show(bars) {
    candles.setData(bars);
    volume.setData(bars.map(volumeBar));
    last = bars.at(-1) || null;
    element.classList.add("chart-ready");
    say(bars.length ? "" : "No trades yet in this interval. The chart starts with the first one.");
  }

  function numbers([start, open, high, low, close, traded]) {
    return { time: start + offset, open: Number(open), high: Number(high), low: Number(low), close: Number(close), volume: Number(traded) };
  }

  async function load(fit) {
    const mine = ++asked;
    try {
      const response = await fetch(`${element.dataset.barsUrl}?interval=${encodeURIComponent(interval)}`, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(10000),
      });
      if (!response.ok) throw new Error(String(response.status));
      const { bars } = await response.json();
      if (mine !== asked) return;
      show(bars.map(numbers));
      if (fit) chart.timeScale().setVisibleLogicalRange({ from: bars.length - 120, to: bars.length + 4 });
    } catch {
      if (mine === asked && !last) say("The chart could not be loaded. It is tried again when prices are live.");
    }
  }

  function take(print) {
    if (print[0] !== symbol || !last) return;
    const [, , , at, price, quantity] = print;
    const step = SECONDS[interval];
    const time = Math.floor(at / 1000 / step) * step + offset;
    if (time < last.time) return;
    const value = Number(price);
    if (time > last.time) {
      last = { time, open: value, high: value, low: value, close: value, volume: 0 };
    }
    last.high = Math.max(last.high, value);
    last.low = Math.min(last.low, value);
    last.close = value;
    last.volume += Number(quantity);
    candles.update({ ...last });
    volume.update(volumeBar(last));
  }

  document.addEventListener("tredye:print", (event) => take(event.detail));

  // Bars were missed while the stream was away: load them when it is back.
  document.addEventListener("tredye:status", (event) => {
    const live = event.detail.name === "live";
    if (live && !wasLive) load(false);
    wasLive = live;
  });

  function recolor() {
    chart.applyOptions(look());
    candles.applyOptions(candleLook());
    load(false);
  }
  document.addEventListener("tredye:theme", recolor);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-chart-intervals] [data-interval]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    interval = link.dataset.interval;
    for (const other of link.parentElement.children) other.toggleAttribute("aria-current", other === link);
    history.replaceState(history.state, "", link.href);
    last = null;
    chart.applyOptions(look());
    load(true);
  });

  load(true);
})();
