// What the account has on the chart of the page: read from the server, and again whenever its events say that it is another.
"use strict";

(() => {
  const LOOK_MS = 500;
  const TIMEOUT_MS = 10000;
  const TOLD_MAX = 4;
  const LOST = "The orders on the chart may be old: they could not be brought up to date. Load the page again.";

  const { chart, chartMarks, accountRules, numbers, ChartForm, ChartLines, ChartMenu, chartRules } = globalThis.tredye;
  const box = chart?.element.querySelector("[data-chart-own]");
  if (!box) return;
  const { parseUnits, formatUnits, midUnits } = numbers;
  const { view, symbol, element } = chart;
  const { LineStyle, createSeriesMarkers } = window.LightweightCharts;
  const decimals = Number.parseInt(element.dataset.decimals, 10);
  const tick = parseUnits(element.dataset.tick);
  const tip = box.querySelector("[data-chart-tip]");
  const fills = new chartMarks.Fills();
  const markers = createSeriesMarkers(view.candles, []);
  const healing = new accountRules.Healing();
  let byBar = new Map(); // start of a bar -> one's fills in it
  let shown = null; // the newest account event that is on the chart
  let needed = Number.parseInt(document.body.dataset.accountSequence, 10) || 0;
  let covered = Infinity; // the second from which on fills are known
  let isAsking = false;
  let isDue = false;
  let average = null;

  // Where the market is: in the middle of the quote, or at the newest bar.
  function last() {
    const quote = globalThis.tredye.paint?.quote(symbol);
    if (quote) return midUnits(parseUnits(quote[4]), parseUnits(quote[5]));
    return chart.bars().last && parseUnits(chart.bars().last.texts[3]);
  }

  const urls = ({ order }) => ({
    amend: box.dataset.orderUrl.replace("/0/", `/${order.id}/amend/`),
    cancel: box.dataset.orderUrl.replace("/0/", `/${order.id}/cancel/`),
    asked: (id) => box.dataset.askedUrl.replace("COMMAND", id),
  });
  const time = (ms) => view.zoned.time(ms / 1000, true);

  const form = new ChartForm({ box, decimals, tick, quote: box.dataset.quote, last, urls, time, moved: (line, units) => lines.moved(line, units), changed: () => refresh() });
  const lines = new ChartLines({ view, box, decimals, tick, last, form });
  new ChartMenu({ view, box, canvas: element.querySelector("[data-chart-canvas]"), decimals, tick, symbol, alertUrl: box.dataset.alertUrl });

  // --- Reading ----------------------------------------------------------------------------------------------------------------

  async function ask(range) {
    const query = new URLSearchParams(range);
    const response = await fetch(`${box.dataset.ordersUrl}&${query}`, { headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  function take(answer) {
    fills.add(answer.fills);
    mark();
    if (!accountRules.mayReplace(shown, answer.account_sequence)) return; // older than what is there
    shown = answer.account_sequence;
    lines.set(answer.orders);
  }

  // Orders as they are now, and the fills since the newest that is known; those of a time that was not asked for yet too.
  async function refresh() {
    isDue = true;
    if (isAsking || !chart.isLoaded()) return;
    isAsking = true;
    while (isDue) {
      isDue = false;
      const first = chart.bars().first?.time ?? Math.floor(Date.now() / 1000);
      const from = Math.max(0, first < covered ? first : fills.newest || first);
      try {
        take(await ask({ from }));
        covered = Math.min(covered, first);
      } catch {
        break; // judged below, and asked again
      }
    }
    isAsking = false;
  }

  // A page of the past came: its fills alone.
  async function cover() {
    const first = chart.bars().first?.time;
    if (first === undefined || first >= covered) return mark();
    if (shown === null) return refresh();
    const until = covered;
    covered = first;
    try {
      take(await ask({ from: Math.max(0, first), to: until }));
    } catch {
      covered = Math.max(covered, until);
    }
    return undefined;
  }

  setInterval(() => {
    if (!chart.isLoaded() || document.hidden) return;
    const verdict = healing.judge("chart", { shown: shown ?? -1, needed, now: Date.now() });
    if (verdict === "again") refresh();
    globalThis.tredye.chip?.trouble("chart", verdict === "lost" ? LOST : "");
  }, LOOK_MS);

  document.body.addEventListener("orders-changed", (event) => {
    needed = Math.max(needed, event.detail?.accountSequence ?? 0);
    if (shown === null || shown < needed || !event.detail?.accountSequence) refresh();
  });

  // --- Marks ------------------------------------------------------------------------------------------------------------------

  function mark() {
    byBar = new Map();
    const merged = new Map();
    for (const { fill, time: start } of fills.within(chart.bars())) {
      byBar.set(start, [...(byBar.get(start) ?? []), fill]);
      merged.set(`${start} ${fill[2]} ${fill[3]}`, { start, side: fill[2], price: Number(fill[3]) });
    }
    markers.setMarkers([...merged].map(([id, { start, side, price }]) => {
      const buys = side === "BUY";
      return { id, time: start, price, position: buys ? "atPriceBottom" : "atPriceTop", shape: buys ? "arrowUp" : "arrowDown", color: view.color(buys ? "buy" : "sell"), size: 1 };
    }));
  }

  function sentence([, second, side, price, quantity]) {
    return `${chartMarks.WORDS[side][0]} ${quantity} at ${formatUnits(parseUnits(price), decimals)}, ${view.zoned.time(second, true)}`;
  }

  view.onPoint = (bar) => {
    const own = (bar && byBar.get(bar.time)) ?? [];
    tip.hidden = !own.length;
    const more = own.length > TOLD_MAX ? [`and ${own.length - TOLD_MAX} more`] : [];
    tip.replaceChildren(...[...own.slice(0, TOLD_MAX).map(sentence), ...more].map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  };

  // What the position cost on average, as its card says.
  function paintPosition() {
    const card = document.querySelector(`[data-pnl="${CSS.escape(symbol)}"][data-quantity][data-cost]`);
    const [quantity, cost] = card ? [parseUnits(card.dataset.quantity), parseUnits(card.dataset.cost)] : [null, null];
    const price = quantity ? Number(cost) / Number(quantity) : null;
    if (average) view.candles.removePriceLine(average);
    average = price === null ? null : view.candles.createPriceLine({
      price, color: view.color("muted"), lineWidth: 1, lineStyle: LineStyle.Dotted, axisLabelVisible: true, title: "avg cost",
      axisLabelColor: view.color("sunken"), axisLabelTextColor: view.color("muted"),
    });
  }

  document.addEventListener("htmx:after:swap", paintPosition);
  document.addEventListener("tredye:chart-bars", cover);
  document.addEventListener("tredye:theme", () => {
    lines.recolor();
    mark();
    paintPosition();
  });
  paintPosition();
  refresh();
})();
