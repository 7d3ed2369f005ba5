// Draws what a chart holds: candles, volume, the legend, the reader's clock and colours. It knows of no server and no account.
"use strict";

(() => {
  const { Clock, weightsOf } = globalThis.tredye.chartTime;
  const { parseUnits, formatUnits, changeUnits, directionOf } = globalThis.tredye.numbers;
  const DAY = 86400;

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  // The library's own scale of UTC, whose marks stand at the reader's midnights and hours.
  function scaleOf(library, clock) {
    const Utc = library.defaultHorzScaleBehavior();
    return new (class extends Utc {
      fillWeightsForPoints(points, start = 0) {
        const weights = weightsOf(points.map(({ time }) => this.key(time)), start, clock());
        weights.forEach((weight, place) => {
          points[start + place].timeWeight = weight;
        });
      }
    })();
  }

  class View {
    // `element` is the chart's box: data-decimals, data-quantity-decimals, data-zone; `canvas` and `legend` stand in it.
    constructor(library, element, canvas, legend) {
      Object.assign(this, { library, element, canvas, legend, seconds: 60, bars: null, pointed: null });
      this.decimals = Number.parseInt(element.dataset.decimals, 10);
      this.zoned = new Clock(element.dataset.zone || "UTC");
      this.utc = new Clock("UTC");
      this.chart = library.createChartEx(canvas, scaleOf(library, () => this.clock), this.options());
      this.candles = this.chart.addSeries(library.CandlestickSeries, {
        ...this.candleLook(),
        priceFormat: { type: "price", precision: this.decimals, minMove: 1 / 10 ** this.decimals },
      });
      this.volume = this.chart.addSeries(library.HistogramSeries, {
        priceFormat: { type: "volume" }, priceScaleId: "", lastValueVisible: false, priceLineVisible: false,
      });
      this.volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
      this.chart.subscribeCrosshairMove((event) => this.point(event.time === undefined ? null : this.bars?.at(event.time) ?? null));
    }

    // A day is a day of UTC, whatever the reader's zone.
    get clock() {
      return this.seconds >= DAY ? this.utc : this.zoned;
    }

    // --- Looks ----------------------------------------------------------------------------------------------------------------

    options() {
      return {
        autoSize: true,
        crosshair: { mode: this.library.CrosshairMode.Normal },
        // A vertical stroke of a finger scrolls the page; a horizontal one the chart.
        handleScroll: { vertTouchDrag: false },
        kineticScroll: { touch: !calm.matches, mouse: false },
        localization: {
          priceFormatter: (price) => price.toLocaleString("en-US", { minimumFractionDigits: this.decimals, maximumFractionDigits: this.decimals }),
          timeFormatter: (time) => this.clock.stamp(time, this.seconds),
        },
        ...this.look(),
      };
    }

    color(name) {
      return color(name);
    }

    look() {
      const narrow = this.canvas.clientWidth < 480;
      return {
        layout: { background: { color: color("surface") }, textColor: color("muted"), attributionLogo: false, fontSize: 11 },
        grid: { vertLines: { color: color("line") }, horzLines: { color: color("line") } },
        rightPriceScale: { borderColor: color("line"), scaleMargins: { top: 0.12, bottom: 0.2 } },
        timeScale: {
          borderColor: color("line"), timeVisible: this.seconds < DAY, secondsVisible: this.seconds < 60, rightOffset: narrow ? 3 : 6,
          barSpacing: narrow ? 5 : 7, minBarSpacing: 0.5, tickMarkFormatter: (time, kind) => this.clock.mark(time, kind),
        },
      };
    }

    candleLook() {
      const [up, down] = [color("up"), color("down")];
      return { upColor: up, borderUpColor: up, wickUpColor: up, downColor: down, borderDownColor: down, wickDownColor: down };
    }

    volumeBar({ time, volume, open, close }) {
      return { time, value: volume, color: color(close >= open ? "up-soft" : "down-soft") };
    }

    recolor() {
      const { barSpacing, rightOffset, ...timeScale } = this.look().timeScale; // zoom and place stay
      this.chart.applyOptions({ ...this.look(), timeScale });
      this.candles.applyOptions(this.candleLook());
      this.draw();
    }

    // --- Bars -----------------------------------------------------------------------------------------------------------------

    // Another interval: the newest bars come into sight.
    show(bars) {
      this.bars = bars;
      this.seconds = bars.seconds;
      this.pointed = null;
      this.chart.applyOptions({ timeScale: this.look().timeScale });
      this.draw();
      this.chart.timeScale().scrollToRealTime();
    }

    // All of them. What is in sight stays where it is: the library counts from the newest bar.
    draw() {
      const [up, down] = [color("up-soft"), color("down-soft")];
      const list = this.bars?.list ?? [];
      if (this.pointed) this.pointed = this.bars.at(this.pointed.time);
      this.candles.setData(list);
      this.volume.setData(list.map(({ time, volume, open, close }) => ({ time, value: volume, color: close >= open ? up : down })));
      this.tell();
    }

    update(bar) {
      this.candles.update(bar);
      this.volume.update(this.volumeBar(bar));
      if (this.pointed?.time === bar.time) this.pointed = bar;
      this.tell();
    }

    // --- Legend ---------------------------------------------------------------------------------------------------------------

    point(bar) {
      if (this.pointed === bar) return;
      this.pointed = bar;
      this.tell();
      this.onPoint?.(bar);
    }

    get told() {
      return this.pointed ?? this.bars?.last ?? null;
    }

    // Parts of the legend as [name, text]; numbers from their texts, never from what is drawn.
    words(bar) {
      const [open, high, low, close, volume] = bar.texts.map(parseUnits);
      const before = this.bars.list[this.bars.list.lastIndexOf(bar) - 1];
      const from = before ? parseUnits(before.texts[3]) : open;
      const price = (units) => formatUnits(units, this.decimals);
      const quantity = Number.parseInt(this.element.dataset.quantityDecimals, 10) || 0;
      return {
        time: `${this.clock.stamp(bar.time, this.seconds)}${this.seconds >= DAY ? " UTC" : ""}`,
        open: price(open), high: price(high), low: price(low), close: price(close),
        moved: formatUnits(close - from, this.decimals, true), change: `${formatUnits(changeUnits(close, from), 2, true)} %`,
        volume: formatUnits(volume, quantity), direction: directionOf(close - from),
      };
    }

    tell() {
      const bar = this.told;
      this.legend.hidden = !bar;
      if (!bar) return;
      const words = this.words(bar);
      for (const part of this.legend.querySelectorAll("[data-legend]")) {
        const text = words[part.dataset.legend];
        if (part.textContent !== text) part.textContent = text;
      }
      this.legend.dataset.direction = words.direction;
    }

    sentence(bar) {
      const words = this.words(bar);
      return `${words.time}: open ${words.open}, high ${words.high}, low ${words.low}, close ${words.close}, volume ${words.volume}`;
    }

    // --- Places ---------------------------------------------------------------------------------------------------------------

    get axisWidth() {
      return this.chart.priceScale("right").width();
    }

    get height() {
      return this.canvas.clientHeight - this.chart.timeScale().height();
    }

    yOf(text) {
      return this.candles.priceToCoordinate(Number(text));
    }

    priceAt(y) {
      return this.candles.coordinateToPrice(y);
    }

    // Calls back whenever the chart was drawn anew, with another scale perhaps.
    onDraw(callback) {
      this.candles.attachPrimitive({ updateAllViews: callback });
    }

    // Whether the newest bar is in sight.
    get isAtNow() {
      const range = this.chart.timeScale().getVisibleLogicalRange();
      return !range || !this.bars?.list.length || range.to >= this.bars.list.length - 1;
    }

    toNow() {
      this.chart.timeScale().scrollToPosition(this.chart.options().timeScale.rightOffset, !calm.matches);
    }

    // The keyboard's crosshair: `step` bars from where it is; the newest bar where it is nowhere.
    step(step) {
      const list = this.bars?.list ?? [];
      if (!list.length) return null;
      const here = this.pointed ? list.lastIndexOf(this.pointed) : list.length - 1;
      const bar = list[Math.min(Math.max(here + step, 0), list.length - 1)];
      const scale = this.chart.timeScale();
      const [range, place] = [scale.getVisibleLogicalRange(), list.lastIndexOf(bar)];
      if (range && (place < range.from || place > range.to)) {
        const shift = place < range.from ? place - range.from - 5 : place - range.to + 5;
        scale.setVisibleLogicalRange({ from: range.from + shift, to: range.to + shift });
      }
      this.chart.setCrosshairPosition(bar.close, bar.time, this.candles);
      this.point(bar);
      return bar;
    }

    zoom(factor) {
      const scale = this.chart.timeScale();
      const range = scale.getVisibleLogicalRange();
      if (range) scale.setVisibleLogicalRange({ from: range.to - (range.to - range.from) * factor, to: range.to });
    }

    unpoint() {
      this.chart.clearCrosshairPosition();
      this.point(null);
    }
  }

  globalThis.tredye.ChartView = View;
})();
