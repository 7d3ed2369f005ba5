// What can be done at a price of the chart: a plus beside the axis, and a menu under the right button or the menu key.
"use strict";

(() => {
  const { plain, snap } = globalThis.tredye.chartRules;
  const { formatUnits } = globalThis.tredye.numbers;
  const HIDE_MS = 900;

  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  class Menu {
    // `world`: view, box, canvas, decimals, tick, symbol, alertUrl.
    constructor(world) {
      this.world = world;
      this.plus = world.box.querySelector("[data-chart-plus]");
      this.element = world.box.querySelector("[data-chart-menu]");
      this.units = null;
      this.hiding = null;
      world.view.chart.subscribeCrosshairMove(({ point, sourceEvent }) => point && sourceEvent && this.follow(point.y));
      world.canvas.addEventListener("pointerleave", () => this.hideSoon());
      this.plus.addEventListener("pointerenter", () => clearTimeout(this.hiding));
      this.plus.addEventListener("pointerleave", () => this.hideSoon());
      this.plus.addEventListener("click", () => this.open(this.y));
      world.canvas.addEventListener("contextmenu", (event) => this.asked(event));
      this.element.addEventListener("keydown", (event) => this.key(event));
      this.element.addEventListener("click", (event) => this.chosen(event));
      document.addEventListener("pointerdown", (event) => !this.element.contains(event.target) && event.target !== this.plus && this.close());
      document.addEventListener("tredye:close", () => this.close());
    }

    get isOpen() {
      return !this.element.hidden;
    }

    // --- The plus ---------------------------------------------------------------------------------------------------------------

    follow(y) {
      if (this.isOpen || y > this.world.view.height) return;
      clearTimeout(this.hiding);
      this.y = y;
      this.plus.hidden = false;
      this.plus.style.right = `${this.world.view.axisWidth - 12}px`;
      this.plus.style.transform = `translateY(${Math.round(y)}px)`;
    }

    hideSoon() {
      clearTimeout(this.hiding);
      this.hiding = setTimeout(() => {
        this.plus.hidden = true;
      }, HIDE_MS);
    }

    // --- The menu ---------------------------------------------------------------------------------------------------------------

    asked(event) {
      event.preventDefault();
      if (event.pointerType === "touch") return; // a long press reads the bars; the plus is beside it
      const { view, canvas } = this.world;
      const byKey = event.button !== 2;
      const price = view.told && Number(view.told.texts[3]);
      const y = byKey ? view.candles.priceToCoordinate(price ?? 0) : event.clientY - canvas.getBoundingClientRect().top;
      this.open(y ?? view.height / 2);
    }

    open(y) {
      const { view, tick, decimals, symbol, alertUrl, box } = this.world;
      const drawn = view.priceAt(Math.min(y, view.height));
      if (drawn === null) return;
      this.back = document.activeElement;
      this.units = snap(drawn, tick);
      const price = formatUnits(this.units, decimals);
      for (const place of this.element.querySelectorAll("[data-chart-at]")) place.textContent = price;
      const address = new URL(alertUrl, location.href);
      address.searchParams.set("symbol", symbol);
      address.searchParams.set("price", plain(this.units));
      this.element.querySelector("[data-chart-alert]").href = address.href;
      this.plus.hidden = true;
      this.element.hidden = false;
      this.element.style.right = `${view.axisWidth + 4}px`;
      this.element.style.top = `${Math.max(4, Math.min(y - 16, box.clientHeight - this.element.offsetHeight - 4))}px`;
      this.items[0].focus({ preventScroll: true });
    }

    close() {
      if (!this.isOpen) return;
      const hadFocus = this.element.contains(document.activeElement);
      this.element.hidden = true;
      if (hadFocus && this.back?.isConnected) this.back.focus({ preventScroll: true });
    }

    get items() {
      return [...this.element.querySelectorAll("[role=menuitem]")];
    }

    key(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape" || event.key === "Tab") {
        if (event.key === "Escape") event.stopPropagation();
        this.close();
      } else if (step) {
        event.preventDefault();
        event.stopPropagation();
        const { items } = this;
        items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
      }
    }

    chosen(event) {
      const item = event.target.closest("[role=menuitem]");
      if (!item) return;
      const [symbol, price] = [this.world.symbol, plain(this.units)];
      this.close();
      if (item.dataset.side) {
        tell("tredye:side", item.dataset.side);
        tell("tredye:price-picked", { symbol, price, side: item.dataset.side });
        return;
      }
      // Whoever opens a form here says so; else the link leads to its page.
      const wanted = new CustomEvent("tredye:alert-wanted", { detail: { symbol, price }, cancelable: true });
      if (!document.dispatchEvent(wanted)) event.preventDefault();
    }
  }

  globalThis.tredye.ChartMenu = Menu;
})();
