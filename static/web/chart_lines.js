// The open orders of an account as lines over the chart. A line's tag is its handle: it is dragged by mouse or finger, and pressed
// by key it opens the same form.
"use strict";

(() => {
  const { snap, distance } = globalThis.tredye.chartRules;
  const { parseUnits, formatUnits } = globalThis.tredye.numbers;
  const { linesOf, nameOf, leftsOf, WORDS } = globalThis.tredye.chartMarks;
  const TAG_HEIGHT = 24;
  const INSET = 8;
  const SLACK = 4; // pixels that a press may move and still be a press

  const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

  class Lines {
    // `world`: view, box, decimals, tick, last() (units), form.
    constructor(world) {
      Object.assign(this, { world, lines: new Map(), drag: null });
      world.view.onDraw(() => this.place());
    }

    // --- What there is ----------------------------------------------------------------------------------------------------------

    set(orders) {
      const wanted = new Map(orders.flatMap(linesOf).map((line) => [line.key, line]));
      for (const [key, shown] of this.lines) if (!wanted.has(key)) this.remove(shown);
      for (const line of wanted.values()) {
        const shown = this.lines.get(line.key) ?? this.add(line);
        Object.assign(shown, { line });
        const isHeld = this.drag?.shown === shown || this.world.form.line?.key === line.key;
        if (!isHeld) shown.units = parseUnits(line.price);
        this.write(shown);
      }
      this.place();
    }

    remove(shown) {
      if (this.drag?.shown === shown) this.drop(false);
      if (this.world.form.line?.key === shown.line.key && !this.world.form.isBusy) {
        this.world.form.close();
        this.tell(`The ${nameOf(shown.line)} of ${shown.line.order.leaves} is no longer open.`);
      }
      shown.element.remove();
      this.world.view.candles.removePriceLine(shown.mark);
      this.lines.delete(shown.line.key);
    }

    tell(text) {
      document.dispatchEvent(new CustomEvent("tredye:note", { detail: { text, level: "info" } }));
    }

    add(line) {
      const element = make("div", "chart-line");
      const tag = Object.assign(make("button", "chart-tag"), { type: "button" });
      const away = Object.assign(make("button", "chart-tag-away", "×"), { type: "button" });
      const handle = make("span", "chart-tags");
      handle.append(tag, away);
      element.append(make("span", "chart-line-grip"), handle);
      const mark = this.world.view.candles.createPriceLine({ price: Number(line.price), lineVisible: false, axisLabelVisible: true, title: "" });
      const shown = { line, element, tag, away, handle, mark, units: parseUnits(line.price) };
      this.lines.set(line.key, shown);
      element.addEventListener("pointerdown", (event) => this.grab(event, shown));
      tag.addEventListener("click", (event) => this.press(event, shown));
      away.addEventListener("click", () => this.world.form.cancel(shown.line, shown.y ?? 0));
      this.world.box.append(element);
      return shown;
    }

    color(shown) {
      return this.world.view.color(shown.line.order.side === "BUY" ? "buy" : "sell");
    }

    write(shown) {
      const { line, tag, away, element } = shown;
      const before = parseUnits(line.price);
      const moved = shown.units !== before;
      element.className = `chart-line chart-line-${line.order.side.toLowerCase()}`;
      element.toggleAttribute("data-dashed", line.dashed);
      element.toggleAttribute("data-moved", moved);
      element.toggleAttribute("data-movable", line.movable);
      element.dataset.order = line.order.id;
      element.dataset.field = line.field;
      const price = formatUnits(shown.units, this.world.decimals);
      const kind = nameOf(line).split(" ").slice(1).join(" ");
      const name = `${WORDS[line.order.side][1]} ${line.order.leaves} ${kind}`;
      const isHeld = moved || this.drag?.shown === shown;
      // What is seen comes first in what is read out.
      const rest = `${isHeld ? `: ${name}` : ` at ${price}`}, ${line.movable ? "amend" : "follows the market"}`;
      tag.replaceChildren(isHeld ? `${price}  ${distance(shown.units, this.world.last())}` : name, make("span", "visually-hidden", rest));
      shown.width = 0; // as wide as its text will be
      tag.setAttribute("aria-disabled", String(!line.movable));
      away.setAttribute("aria-label", `Cancel ${nameOf(line)} ${line.order.leaves} at ${price}`);
      shown.mark.applyOptions({ price: Number(shown.units) / 1e8, axisLabelColor: this.color(shown), axisLabelTextColor: this.world.view.color("on-side") });
    }

    // The form has another price in it; null: as it was.
    moved(line, units) {
      const shown = this.lines.get(line.key);
      if (!shown) return;
      shown.units = units ?? parseUnits(shown.line.price);
      this.write(shown);
      this.place();
    }

    recolor() {
      for (const shown of this.lines.values()) this.write(shown);
    }

    // --- Where it is --------------------------------------------------------------------------------------------------------------

    // After each drawing of the chart: its scale may be another one. What is out of sight is said at the edge.
    place() {
      if (!this.lines.size && !this.hadLines) return; // nothing is measured for nothing
      this.hadLines = this.lines.size > 0;
      const { view, box } = this.world;
      const { height, axisWidth } = view;
      const shown = [...this.lines.values()];
      for (const each of shown) each.y = view.candles.priceToCoordinate(Number(each.units) / 1e8);
      const isHeld = (each) => this.drag?.shown === each || each.element.hasAttribute("data-moved");
      const inside = shown.filter(({ y }) => y !== null && y >= 0 && y <= height);
      inside.sort((one, other) => isHeld(other) - isHeld(one) || one.y - other.y);
      for (const each of shown) each.element.hidden = !inside.includes(each);
      for (const each of inside) each.width ||= each.handle.offsetWidth;
      const room = box.clientWidth - axisWidth - 2 * INSET;
      const lefts = leftsOf(inside.map(({ y, width }) => ({ y, width })), TAG_HEIGHT, room);
      inside.forEach((each, place) => {
        each.element.style.transform = `translateY(${Math.round(each.y)}px)`;
        each.element.style.right = `${axisWidth}px`;
        each.handle.style.transform = `translateX(${lefts[place]}px)`;
      });
      this.counted("above", shown.filter(({ y }) => y !== null && y < 0).length, box);
      this.counted("below", shown.filter(({ y }) => y !== null && y > height).length, box);
      const { form } = this.world;
      const held = form.line && this.lines.get(form.line.key);
      if (held && held.y !== null && !this.drag) form.place(Math.min(Math.max(held.y, 0), height));
    }

    counted(where, count, box) {
      const element = box.querySelector(`[data-chart-${where}]`);
      const text = count ? `${count} ${count === 1 ? "line" : "lines"} ${where} ${where === "above" ? "↑" : "↓"}` : "";
      element.hidden = !count;
      element.style.right = `${this.world.view.axisWidth + 4}px`;
      if (element.textContent !== text) element.textContent = text;
    }

    // --- Dragging -------------------------------------------------------------------------------------------------------------------

    grab(event, shown) {
      if (event.button !== 0 || event.target === shown.away || !shown.line.movable || this.world.form.isBusy || this.drag) return;
      if (event.pointerType !== "mouse" && !shown.tag.contains(event.target)) return; // a finger scrolls by the line, and drags by the tag
      const drag = { shown, id: event.pointerId, from: event.clientY, offset: event.clientY - shown.y, began: false, end: new AbortController() };
      const listen = (name, heard) => window.addEventListener(name, heard, { signal: drag.end.signal });
      this.drag = drag;
      shown.wasDragged = false;
      listen("pointermove", (move) => move.pointerId === drag.id && this.pull(move));
      listen("pointerup", (up) => up.pointerId === drag.id && this.drop(true));
      listen("pointercancel", (lost) => lost.pointerId === drag.id && this.drop(false));
      window.addEventListener("keydown", (key) => {
        if (key.key !== "Escape") return;
        key.stopPropagation();
        this.drop(false);
      }, { signal: drag.end.signal, capture: true });
    }

    pull(event) {
      const { shown, from, offset } = this.drag;
      if (!this.drag.began && Math.abs(event.clientY - from) < SLACK) return;
      if (!this.drag.began) this.begin(event);
      const y = Math.min(Math.max(event.clientY - offset, 1), this.world.view.height - 1);
      const price = this.world.view.priceAt(y);
      if (price === null) return;
      const units = snap(price, this.world.tick);
      if (units === shown.units) return;
      shown.units = units;
      this.write(shown);
      this.place();
    }

    // From here on it is no press; the pointer may leave the chart.
    begin(event) {
      this.drag.began = this.drag.shown.wasDragged = true;
      this.drag.shown.element.setPointerCapture(event.pointerId);
      this.world.form.close();
      this.world.box.toggleAttribute("data-dragging", true);
    }

    // On release the form opens; nothing was sent yet.
    drop(isMeant) {
      const { shown, began, end } = this.drag;
      end.abort();
      this.drag = null;
      this.world.box.removeAttribute("data-dragging");
      const before = parseUnits(shown.line.price);
      if (!isMeant || !began) shown.units = before;
      this.write(shown);
      this.place();
      if (isMeant && began && shown.units !== before) this.world.form.amend(shown.line, shown.units, shown.y ?? 0);
    }

    // The click that ends a drag is none; one by key has no detail.
    press(event, shown) {
      if ((event.detail > 0 && shown.wasDragged) || !shown.line.movable) return;
      this.world.form.amend(shown.line, parseUnits(shown.line.price), shown.y ?? 0);
    }
  }

  globalThis.tredye.ChartLines = Lines;
})();
