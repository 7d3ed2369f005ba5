// The chart of a page: loads the bars of an interval, keeps them up to date from the stream, fetches what is older when somebody
// scrolls there, and says what it is waiting for.
"use strict";

(() => {
  const LOAD_AGAIN_MS = 10000;
  const TIMEOUT_MS = 10000;
  const PAGE = 500;
  const SILENT_AFTER_MS = 3000; // a price that is late now and then is no silence
  const NEAR_EDGE = 30; // bars left of what is in sight, before older ones are asked for
  const STEPS = { "[": -1, "]": 1 };
  const STATES = { HALTED: "Trading is halted", CLOSED: "The market is closed", PRE_OPEN: "Before the opening" };

  const { chartRules, ChartView } = globalThis.tredye;
  const element = document.querySelector("[data-chart]");
  if (!element || !window.LightweightCharts) return;

  const find = (name) => element.querySelector(`[data-chart-${name}]`);
  const [canvas, legend, note, edge, nowButton, said, chip] = ["canvas", "legend", "note", "edge", "now", "said", "chip"].map(find);
  const { symbol, barsUrl } = element.dataset;
  const view = new ChartView(window.LightweightCharts, element, canvas, legend);
  let interval = element.dataset.code;
  let bars = new chartRules.Bars(Number(element.dataset.seconds), Number(element.dataset.baseSeconds));
  let asked = 0; // counts loads, so that a late answer of an earlier one is dropped
  let loadedAt = 0;
  let isLoaded = false;
  let older = "idle"; // or loading, failed
  let wasLive = true;
  let isSilent = false;

  // --- What is said ---------------------------------------------------------------------------------------------------------

  // In the middle, with a way to try again.
  function say(text, retry) {
    note.hidden = !text;
    note.querySelector("[data-chart-note-text]").textContent = text;
    note.querySelector("button").hidden = !retry;
  }

  function beginning() {
    if (bars.isFull && bars.hasOlder) return "The chart holds 10,000 bars. A longer interval shows more.";
    return bars.base === 1 ? "Seconds are kept for a day." : "The beginning of history";
  }

  // At the left edge: what is the matter with the past, while it is in sight.
  function sayEdge() {
    const range = view.chart.timeScale().getVisibleLogicalRange();
    const isThere = isLoaded && range && range.from < 2 && bars.list.length > 0;
    const text = { loading: "Loading older bars …", failed: "Older bars could not be loaded." }[older];
    const ended = isThere && (!bars.hasOlder || bars.isFull) ? beginning() : "";
    edge.hidden = !(isThere && (text ?? ended));
    edge.querySelector("[data-chart-edge-text]").textContent = text ?? ended;
    edge.querySelector("button").hidden = older !== "failed";
    nowButton.hidden = view.isAtNow;
  }

  // Why the newest bar stands still.
  function sayState(status) {
    const still = { stale: "No prices", polling: "The stream is away", reconnecting: "Reconnecting", offline: "Offline", refused: "Not live", off: "Not live" };
    const away = status && status.name !== "connecting" ? still[status.name] : "";
    const late = globalThis.tredye.modes?.isLogAway() ? "The chart is late" : "";
    const text = STATES[element.dataset.state] ?? (away || late || (isSilent ? "No new price" : ""));
    chip.hidden = !text;
    if (chip.textContent !== text) chip.textContent = text;
    element.toggleAttribute("data-still", Boolean(text));
  }

  // --- Loading --------------------------------------------------------------------------------------------------------------

  async function fetchBars(more = "") {
    const response = await fetch(`${barsUrl}?interval=${encodeURIComponent(interval)}&limit=${PAGE}${more}`, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  async function load(first) {
    const mine = ++asked;
    loadedAt = Date.now();
    element.setAttribute("aria-busy", "true");
    try {
      const page = await fetchBars();
      if (mine !== asked) return;
      bars.renew(page, page.bars.length === PAGE);
      ready(first);
    } catch {
      if (mine === asked && !isLoaded) say("The chart could not be loaded.", true);
    } finally {
      if (mine === asked) element.removeAttribute("aria-busy");
    }
  }

  function ready(first) {
    isLoaded = true;
    if (first) view.show(bars);
    else view.draw();
    element.classList.add("chart-ready");
    say(bars.list.length ? "" : "No trades yet in this interval. The chart starts with the first one.");
    const running = globalThis.tredye.paint?.bar(symbol, element.dataset.interval);
    if (running) take(running); // it may have come while the others were on their way
    sayEdge();
    changed();
  }

  const changed = () => document.dispatchEvent(new CustomEvent("tredye:chart-bars"));

  async function loadOlder() {
    if (!isLoaded || older === "loading" || !bars.hasOlder || bars.isFull || !bars.first) return;
    const mine = asked;
    older = "loading";
    sayEdge();
    try {
      const page = await fetchBars(`&before=${bars.first.time}`);
      if (mine !== asked) return;
      older = "idle";
      if (bars.prepend(page, page.bars.length === PAGE)) {
        view.draw();
        changed();
      }
    } catch {
      if (mine === asked) older = "failed";
    }
    sayEdge();
  }

  view.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
    if (range && range.from < NEAR_EDGE && older !== "failed") loadOlder();
    sayEdge();
  });

  // --- The stream -----------------------------------------------------------------------------------------------------------

  // The stream tells each bar whole, as it is now. Bars between it and ours were missed, or nothing was traded in them: the
  // server knows, and is asked, but not at every bar of an instrument that is traded now and then.
  function take(bar) {
    if (bar[0] !== symbol || bar[1] !== element.dataset.interval || !isLoaded) return;
    const taken = bars.take([bar[2] / 1000, ...bar.slice(3, 8)]);
    if (!taken) return;
    if (taken.gap && Date.now() - loadedAt > LOAD_AGAIN_MS) load(false);
    if (taken.trimmed) view.draw();
    else view.update(taken.bar);
    if (bars.list.length === 1) say("");
    if (taken.isNew) changed();
  }

  document.addEventListener("tredye:bar", (event) => take(event.detail));

  // Bars were missed while the stream was away: load them when it is back.
  document.addEventListener("tredye:status", (event) => {
    const live = event.detail.name === "live";
    if (live && (!wasLive || !isLoaded)) load(!isLoaded);
    wasLive = live;
    sayState(event.detail);
  });

  document.addEventListener("tredye:modes", () => sayState(globalThis.tredye.stream?.status()));

  document.addEventListener("tredye:state", (event) => {
    if (event.detail[0] !== symbol) return;
    element.dataset.state = event.detail[1];
    sayState(globalThis.tredye.stream?.status());
  });

  // The source of this instrument alone may fall silent, while the stream and everything else goes on.
  let silence = 0;
  function listenForSilence() {
    clearTimeout(silence);
    isSilent = false;
    if (element.hasAttribute("data-stale")) {
      silence = setTimeout(() => {
        isSilent = true;
        sayState(globalThis.tredye.stream?.status());
      }, SILENT_AFTER_MS);
    }
    sayState(globalThis.tredye.stream?.status());
  }
  new MutationObserver(listenForSilence).observe(element, { attributeFilter: ["data-stale"] });

  // --- Intervals ------------------------------------------------------------------------------------------------------------

  const links = [...document.querySelectorAll("[data-chart-intervals] [data-code]")];

  // Into the middle of a strip that is too long for a phone; the page itself stays where it is.
  function reveal(link) {
    const [strip, spot] = [link.parentElement.getBoundingClientRect(), link.getBoundingClientRect()];
    link.parentElement.scrollLeft += spot.left + spot.width / 2 - (strip.left + strip.width / 2);
  }

  function choose(link) {
    if (link.dataset.code === interval) return;
    const { code, seconds, base, baseSeconds } = link.dataset;
    interval = code;
    Object.assign(element.dataset, { code, seconds, baseSeconds, interval: base });
    globalThis.tredye.stream?.look();
    for (const other of links) {
      if (other === link) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    reveal(link);
    const address = new URL(location.href);
    address.searchParams.set("interval", code);
    history.replaceState(history.state, "", address);
    bars = new chartRules.Bars(Number(seconds), Number(baseSeconds));
    isLoaded = false;
    older = "idle";
    load(true);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-chart-intervals] [data-code]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link);
  });

  const isTyping = (target) => target.matches?.("input, select, textarea, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const here = links.findIndex((link) => link.dataset.code === interval);
    const next = links[here + step];
    if (!next) return;
    event.preventDefault();
    choose(next);
  });

  // --- The keyboard reads bars ------------------------------------------------------------------------------------------------

  const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20, Home: -Infinity, End: Infinity };

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) {
      const bar = view.step(moves[event.key]);
      if (bar) said.textContent = view.sentence(bar);
    } else if (event.key === "+" || event.key === "-") {
      view.zoom(event.key === "+" ? 0.8 : 1.25);
    } else {
      return;
    }
    event.preventDefault();
  });
  canvas.addEventListener("blur", () => view.unpoint());

  // --- Looks ----------------------------------------------------------------------------------------------------------------

  document.addEventListener("tredye:theme", () => view.recolor());
  note.querySelector("button").addEventListener("click", () => {
    say("");
    load(true);
  });
  edge.querySelector("button").addEventListener("click", loadOlder);
  nowButton.addEventListener("click", () => view.toNow());

  const current = links.find((link) => link.dataset.code === interval);
  if (current) reveal(current);
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "group");
  globalThis.tredye.chart = { element, view, symbol, bars: () => bars, isLoaded: () => isLoaded };
  listenForSilence();
  load(true);
})();
