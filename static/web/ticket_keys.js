// The ticket's hands: arrow keys that step by lot and tick, sizes of what is available, and Enter, which looks first and then sends.
"use strict";

(() => {
  const UNIT = 10n ** 8n;
  const MILLION = 1000000n;

  // --- Rules (pure). Numbers are BigInt in units of 10^-8 -----------------------------------------------------------------

  const least = (...values) => values.reduce((low, value) => (value < low ? value : low));

  // Plain digits for a field: no separators, no needless zeros.
  function plainUnits(units) {
    const digits = String(units).padStart(9, "0");
    const fraction = digits.slice(-8).replace(/0+$/, "");
    return digits.slice(0, -8) + (fraction && `.${fraction}`);
  }

  // One or more steps up or down from `value`, on the grid, never below one step. Off the grid it goes to the next one.
  function stepped(value, step, count) {
    if (value === null) return step;
    const below = value - (value % step);
    const start = value % step && count < 0n ? below + step : below;
    const moved = start + step * count;
    return moved < step ? step : moved;
  }

  // The largest quantity on the lot's grid that `part` per cent of what is available pays for at `price`, fee included; of a sale,
  // of what there is to sell. Null while there is no price.
  function sizeOf(part, { side, price, availableQuote, availableBase, feePpm, lot, maxQuantity, maxNotional }) {
    let size = (availableBase * BigInt(part)) / 100n;
    if (side === "BUY") {
      if (!price) return null;
      const money = (availableQuote * BigInt(part)) / 100n;
      // The fee is rounded up, so one unit of money is left for it.
      const spendable = money > 0n ? ((money - 1n) * MILLION) / (MILLION + feePpm) : 0n;
      size = least((spendable * UNIT) / price, (maxNotional * UNIT) / price);
    }
    const bounded = least(size, maxQuantity);
    return bounded > 0n ? bounded - (bounded % lot) : 0n;
  }

  const tredye = (globalThis.tredye ||= {});
  tredye.ticketRules = { plainUnits, stepped, sizeOf };
  if (typeof document === "undefined") return;

  const form = document.querySelector("[data-ticket]");
  if (!form) return;
  const { parseUnits } = tredye.numbers;
  const result = document.getElementById("order-result");
  const field = (name) => form.querySelector(`[name=${name}]`);
  const units = (name) => parseUnits(form.dataset[name]);
  let previewed = ""; // what the ticket said when it was previewed last

  function write(input, value) {
    input.value = plainUnits(value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- Arrow keys ----------------------------------------------------------------------------------------------------------

  const ARROWS = { ArrowUp: 1n, ArrowDown: -1n };

  // Where an empty field of a price begins: at what an order of that side meets first.
  function first(input) {
    return input.name === "quantity" || /trail/.test(input.name) ? null : tredye.ticket.touch();
  }

  function step(input, count) {
    const size = input.name === "quantity" ? units("lot") : units("tick");
    const value = parseUnits(input.value.trim());
    write(input, value === null && input.value.trim() === "" && first(input) !== null ? first(input) : stepped(value, size, count));
  }

  form.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey || !event.target.matches("[inputmode=decimal]")) return;
    event.preventDefault();
    step(event.target, event.shiftKey ? way * 10n : way);
  });

  // --- Sizes ---------------------------------------------------------------------------------------------------------------

  form.querySelector("[data-ticket-quick]").hidden = false;
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-part], [data-size]");
    if (!button) return;
    const size = button.dataset.size ? parseUnits(button.dataset.size) : sizeOf(button.dataset.part, tredye.ticket.means());
    if (size !== null) write(field("quantity"), size);
  });

  // --- Enter: looks, then sends ----------------------------------------------------------------------------------------------

  // What would be sent, but for what changes by itself.
  function said() {
    const data = new FormData(form);
    for (const name of ["seen", "csrfmiddlewaretoken"]) data.delete(name);
    return new URLSearchParams(data).toString();
  }

  const shows = (selector) => Boolean(result.firstElementChild?.matches(selector));

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
    event.preventDefault();
    if (event.repeat) return; // a key that is held down has not looked
    const [submit, preview] = ["submit", "preview"].map((name) => form.querySelector(`[data-ticket-${name}]`));
    const isLooked = shows("[data-preview=accepted]") && previewed === said();
    // A pair has no preview: its button is the second step.
    if (isLooked) submit.click();
    else if (form.querySelector("[name=order_type]:checked").value === "PAIR") submit.focus();
    else preview.click();
  });

  document.addEventListener("htmx:before:request", ({ detail }) => {
    if (detail.ctx.sourceElement?.matches?.("[data-ticket-preview]")) previewed = said();
  });

  // A preview of what the ticket no longer says is taken away: nothing on the page may be about another order.
  form.addEventListener("input", () => {
    if (shows("[data-preview]") && previewed !== said()) result.replaceChildren();
  });
})();
