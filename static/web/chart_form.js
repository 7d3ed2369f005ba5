// The small form beside a line: what was, what is to be, and nothing is sent before somebody says so.
"use strict";

(() => {
  const { plain, isOnStep, distance } = globalThis.tredye.chartRules;
  const { parseUnits, formatUnits } = globalThis.tredye.numbers;
  const { nameOf, amendment } = globalThis.tredye.chartMarks;
  const { send, byId, bySendingAgain } = globalThis.tredye.chartSent;

  const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
  // Not randomUUID: a page that came by plain HTTP has none.
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const say = (text, level) => document.dispatchEvent(new CustomEvent("tredye:note", { detail: { text, level } }));

  class Form {
    // `world`: box (where it stands), decimals, tick, quote (the currency), last() (units), urls(line) {amend, cancel, asked(id)},
    // time(ms), moved(line, units or null), changed() (the orders are to be read again).
    constructor(world) {
      this.world = world;
      this.line = null;
      this.element = null;
    }

    get isOpen() {
      return this.element !== null;
    }

    price(units) {
      return formatUnits(units, this.world.decimals);
    }

    what(line) {
      return `${nameOf(line)} ${line.order.leaves}`;
    }

    // --- Amend ----------------------------------------------------------------------------------------------------------------

    // `units` is where the line was dragged to; where it stands, when it was not.
    amend(line, units, y) {
      const before = parseUnits(line.price);
      this.open(line, y, `Amend ${this.what(line)}`);
      this.commandId = newId();
      const row = make("p", "chart-form-row");
      this.input = Object.assign(make("input", "input"), { type: "text", inputMode: "decimal", autocomplete: "off", maxLength: 21, value: plain(units) });
      this.input.setAttribute("aria-label", `New price in ${this.world.quote}`);
      this.away = make("span", "chart-form-away muted");
      row.append(make("span", "chart-form-old", this.price(before)), make("span", "muted", "→"), this.input, this.away);
      this.element.append(row, this.error, this.buttons("Amend", "button-primary", "Keep as it is"));
      this.input.addEventListener("input", () => this.typed());
      this.send = () => this.sendAmend(before);
      this.typed();
      (units === before ? this.input : this.submit).focus({ preventScroll: true });
      if (units === before) this.input.select();
    }

    // Units of the field, or null with the reason beside it.
    read() {
      const units = parseUnits(this.input.value.trim().replaceAll(",", ""));
      const onStep = units !== null && isOnStep(units, this.world.tick);
      this.fail(units === null ? "The price must be a plain number." : onStep ? "" : `The price must be a multiple of ${plain(this.world.tick)}.`);
      return onStep ? units : null;
    }

    typed() {
      const units = this.read();
      this.away.textContent = units === null ? "" : distance(units, this.world.last());
      if (units !== null) this.world.moved(this.line, units);
    }

    async sendAmend(before) {
      const units = this.read();
      if (units === null) return this.input.focus();
      if (units === before) return this.close();
      const urls = this.world.urls(this.line);
      const body = amendment(this.line, plain(units), this.commandId);
      await this.follow(urls.amend, body, byId(urls.asked(this.commandId)));
      return undefined;
    }

    // --- Cancel ---------------------------------------------------------------------------------------------------------------

    cancel(line, y) {
      this.open(line, y, `Cancel ${this.what(line)} at ${this.price(parseUnits(line.price))}?`);
      this.element.append(this.error, this.buttons("Cancel the order", "button-sell", "Keep it"));
      this.send = () => this.follow(this.world.urls(line).cancel, new URLSearchParams(), bySendingAgain(this.world.urls(line).cancel));
      this.submit.focus({ preventScroll: true });
    }

    // --- The form itself --------------------------------------------------------------------------------------------------------

    open(line, y, title) {
      this.close();
      this.line = line;
      this.back = document.activeElement;
      this.element = make("form", "chart-form");
      this.element.noValidate = true;
      this.element.setAttribute("role", "dialog");
      this.element.setAttribute("aria-label", title);
      this.error = Object.assign(make("p", "field-error"), { hidden: true });
      this.error.setAttribute("role", "alert");
      this.element.append(make("p", "chart-form-title", title));
      this.element.addEventListener("submit", (event) => {
        event.preventDefault();
        if (!this.submit.disabled) this.send();
      });
      this.element.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || this.isBusy) return;
        event.stopPropagation();
        this.close();
      });
      this.isBusy = false;
      this.world.box.append(this.element);
      this.place(y);
    }

    buttons(yes, look, no) {
      const row = make("p", "chart-form-row");
      this.submit = Object.assign(make("button", `button button-small ${look}`, yes), { type: "submit" });
      this.keep = Object.assign(make("button", "button button-small", no), { type: "button" });
      this.keep.addEventListener("click", () => this.close());
      row.append(this.submit, this.keep);
      return row;
    }

    // Beside its line, and never outside the chart.
    place(y) {
      if (!this.element) return;
      this.y = y ?? this.y ?? 0;
      const room = this.world.box.clientHeight;
      const top = this.y + 18 + this.element.offsetHeight < room ? this.y + 18 : this.y - this.element.offsetHeight - 18;
      this.element.style.top = `${Math.max(4, Math.min(top, room - this.element.offsetHeight - 4))}px`;
    }

    fail(text) {
      this.error.hidden = !text;
      this.error.textContent = text;
      this.input?.setAttribute("aria-invalid", String(Boolean(text)));
      this.place();
    }

    busy(is, label) {
      this.isBusy = is;
      this.label ??= this.submit.textContent;
      this.submit.textContent = is ? label : this.label;
      for (const control of this.element.querySelectorAll("button, input")) control.disabled = is;
    }

    // Nothing here is sent twice by accident: the same form has the same id until its answer is known.
    async follow(address, body, find) {
      const form = this.element;
      this.busy(true, "Sending …");
      const checking = (until) => {
        const text = `Not known yet: checking until ${this.world.time(until)}.`;
        say(text, "warning");
        if (this.element !== form) return;
        this.fail(text);
        // Who does not want to wait for it may leave; it is not sent again meanwhile.
        this.isBusy = false;
        this.keep.disabled = false;
      };
      const wanted = () => this.element === form;
      const answer = await send(address, { body, find, checking, wanted });
      this.world.changed();
      if (this.element !== form) return;
      this.busy(false);
      if (answer.outcome === "done") this.done(answer);
      else this.stay(answer);
    }

    done({ text }) {
      say(text, "success");
      this.close({ keep: true });
    }

    // Refused: the line goes back, and the form says why. Unknown: it may be sent again, which does it once.
    stay({ outcome, text }) {
      const words = outcome === "unknown" ? "Still not known. Sending it again is safe: as it stands it is done once." : text;
      say(words, outcome === "unknown" ? "warning" : "error");
      this.fail(words);
      if (outcome === "unknown") return;
      this.commandId = newId();
      this.world.moved(this.line, null);
      this.input?.focus({ preventScroll: true });
    }

    // `keep`: the line stays where it was moved to, until the orders are read again.
    close({ keep = false } = {}) {
      if (!this.element) return;
      const { element, line, back } = this;
      const hadFocus = element.contains(document.activeElement);
      Object.assign(this, { element: null, line: null, input: null, label: null, isBusy: false });
      element.remove();
      if (!keep) this.world.moved(line, null);
      if (hadFocus && back?.isConnected) back.focus({ preventScroll: true });
    }
  }

  globalThis.tredye.ChartForm = Form;
})();
