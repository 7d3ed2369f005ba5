// The ticket: what an order would cost, the price that it carries, and what to do when its answer is lost. Money is BigInt in units
// of 10^-8; the server decides. Its keyboard is in ticket_keys.js, its sheet on a phone in ticket_sheet.js.
"use strict";

(() => {
  const UNIT = 10n ** 8n;
  const AGE_LOOK_MS = 500;
  const PRICE_TOO_OLD_S = { market_order: 3, limit_order: 30 }; // as apps/degraded/table.py has it, and the engine
  const MILLION = 1000000n;

  // --- Arithmetic (pure) -------------------------------------------------------------------------------------------------

  const divideUp = (value, by) => (value + by - 1n) / by;

  // What `order` would cost or bring at most or at worst, all in units of 10^-8. Null while something is missing.
  function estimate(order, terms) {
    const { side, type, quantity, price, trigger } = order;
    const limited = type === "LIMIT" || type === "STOP_LIMIT" || type === "PAIR";
    // An order that waits trades around its trigger; a trailing one, around where the market is now.
    const touch = type === "STOP" || type === "TAKE_PROFIT" ? trigger : side === "BUY" ? terms.ask : terms.bid;
    const at = limited ? price : touch;
    if (!quantity || !at) return null;
    const value = (at * quantity) / UNIT;
    const ppm = !limited || terms.takerPpm > terms.makerPpm ? terms.takerPpm : terms.makerPpm;
    const fee = divideUp(value * ppm, MILLION);
    const edge = side === "BUY" ? touch && (touch * (10000n + terms.collarBps)) / 10000n : touch && (touch * (10000n - terms.collarBps)) / 10000n;
    const total = side === "BUY" ? value + fee : value - fee;
    const left = side === "BUY" ? terms.availableQuote - total : terms.availableBase - quantity;
    return { value, fee, worst: limited ? price : edge, total, left };
  }

  // What an order of this type asks for; whether a price of this age (seconds) is too old for it.
  const asksOf = (type) => (type === "MARKET" ? "market_order" : "limit_order");
  const isTooOld = (asks, ageS) => ageS > PRICE_TOO_OLD_S[asks];

  globalThis.tredye ||= {};
  globalThis.tredye.ticketAge = { asksOf, isTooOld };
  globalThis.tredye.estimate = estimate;
  if (typeof document === "undefined") return;

  const form = document.querySelector("[data-ticket]");
  if (!form) return;
  const tredye = globalThis.tredye;
  const { parseUnits, formatUnits, MISSING } = tredye.numbers;
  const box = form.querySelector("[data-ticket-estimate]");
  const warning = form.querySelector("[data-ticket-warning]");
  const result = document.getElementById("order-result");
  const { quote: quoteCode, base: baseCode, symbol } = form.dataset;
  let bid = parseUnits(form.dataset.bid);
  let offer = parseUnits(form.dataset.ask);

  const number = (name) => Number.parseInt(form.dataset[name], 10);
  const chosen = (name) => form.querySelector(`[name=${name}]:checked`).value;
  const field = (name) => form.querySelector(`[name=${name}]`);

  function terms() {
    const funds = document.querySelector("[data-funds]");
    return {
      bid,
      ask: offer,
      makerPpm: BigInt(number("makerFeePpm")),
      takerPpm: BigInt(number("takerFeePpm")),
      collarBps: BigInt(number("collarBps")),
      availableQuote: parseUnits(funds?.dataset.availableQuote || "0"),
      availableBase: parseUnits(funds?.dataset.availableBase || "0"),
    };
  }

  function order() {
    const [quantity, price, trigger] = ["quantity", "price", "trigger_price"].map((name) => parseUnits(field(name).value));
    return { side: chosen("side"), type: chosen("order_type"), quantity, price, trigger };
  }

  // --- What is shown -----------------------------------------------------------------------------------------------------

  function setText(name, text) {
    const element = form.querySelector(`[data-estimate=${name}]`);
    if (element.textContent !== text) element.textContent = text;
  }

  function setLabel(name, text) {
    const element = form.querySelector(`[data-estimate-label=${name}]`);
    if (element.textContent !== text) element.textContent = text;
  }

  function shortage(asked, found) {
    if (!found || found.left >= 0n) return "";
    return asked.side === "BUY" ? `This is more than the ${quoteCode} that is available.` : `This is more ${baseCode} than you can sell.`;
  }

  function draw() {
    const asked = order();
    const found = estimate(asked, terms());
    const buys = asked.side === "BUY";
    box.hidden = false;
    const money = (units) => (found ? `${formatUnits(units, number("quoteDecimals"))} ${quoteCode}` : MISSING);
    const limited = asked.type === "LIMIT" || asked.type === "STOP_LIMIT" || asked.type === "PAIR";
    setLabel("value", asked.type === "MARKET" || asked.type === "TRAILING_STOP" ? "Value, at the touch" : limited ? "Value" : "Value, at the trigger");
    setLabel("worst", !limited ? "Worst price" : buys ? "Pay at most" : "Sell for at least");
    setLabel("total", buys ? "Total cost" : "You receive");
    setLabel("left", "Left after");
    setText("value", money(found?.value));
    setText("fee", money(found?.fee));
    setText("worst", found?.worst ? formatUnits(found.worst, number("priceDecimals")) : MISSING);
    setText("total", money(found?.total));
    setText("left", buys ? money(found?.left) : found ? `${formatUnits(found.left, number("quantityDecimals"))} ${baseCode}` : MISSING);
    const text = shortage(asked, found);
    warning.hidden = !text;
    if (warning.textContent !== text) warning.textContent = text;
  }

  // --- The price ---------------------------------------------------------------------------------------------------------

  const isOf = (...types) => types.includes(chosen("order_type"));

  // A price goes where the type has one; a type without one becomes a limit order.
  document.addEventListener("tredye:price-picked", (event) => {
    const { symbol: picked, price, side } = event.detail;
    if (picked !== symbol) return;
    if (side === "BUY" || side === "SELL") form.querySelector(`[name=side][value=${side}]`).checked = true;
    if (isOf("MARKET", "TRAILING_STOP")) form.querySelector("[name=order_type][value=LIMIT]").checked = true;
    const name = isOf("STOP", "TAKE_PROFIT") ? "trigger_price" : "price";
    field(name).value = price;
    document.dispatchEvent(new CustomEvent("tredye:ticket-wanted"));
    field(name).dispatchEvent(new Event("input", { bubbles: true }));
  });

  // What an order of the chosen side meets first, and what it is paid with: for the keys and sizes.
  tredye.ticket = {
    touch: () => (chosen("side") === "BUY" ? offer : bid),
    means() {
      const asked = order();
      const found = terms();
      const worst = estimate({ ...asked, quantity: UNIT, price: asked.price ?? tredye.ticket.touch() }, found)?.worst;
      return {
        side: asked.side,
        price: worst,
        availableQuote: found.availableQuote,
        availableBase: found.availableBase,
        feePpm: found.takerPpm > found.makerPpm ? found.takerPpm : found.makerPpm,
        lot: parseUnits(form.dataset.lot),
        maxQuantity: parseUnits(form.dataset.maxQuantity),
        maxNotional: parseUnits(form.dataset.maxNotional),
      };
    },
  };

  // --- What would be refused -----------------------------------------------------------------------------------------------

  let quotedAt = Number(form.dataset.quotedAt) || 0; // by the server's clock; 0 before the first price

  // The ticket's buttons ask for what the chosen type does, and its own price may be too old while others are not.
  function ask() {
    const asks = asksOf(chosen("order_type"));
    for (const each of document.querySelectorAll("[data-ticket-submit], [data-ticket-preview]")) each.dataset.asks = asks;
    for (const each of form.querySelectorAll("[data-asks-note]")) each.dataset.asksNote = asks;
    const ageS = quotedAt ? (tredye.paint.now() - quotedAt) / 1000 : 0;
    const old = isTooOld(asks, ageS) ? { sentence: form.dataset.staleSentence, since: quotedAt } : null;
    for (const action of Object.keys(PRICE_TOO_OLD_S)) tredye.modes.own(action, action === asks ? old : null);
  }

  // --- What was seen -------------------------------------------------------------------------------------------------------

  const seen = field("seen");

  // The ticket carries the quote that is on the screen, told once it is painted; never an older one than it has.
  function see([, epoch, sequence, at, seenBid, seenAsk]) {
    const [hasEpoch, hasSequence] = seen.value.split(":").map(Number);
    if (hasEpoch === epoch && hasSequence >= sequence) return;
    seen.value = [epoch, sequence, at, seenBid, seenAsk].join(":");
  }

  // --- A lost answer -------------------------------------------------------------------------------------------------------

  const LOOK_MS = 1000;
  let lost = 0; // counts, so that one look at a time is under way

  // No answer came to the page, or none that tells anything: the order may be there or not. The page says so and looks by itself.
  function lose() {
    const mine = ++lost;
    const id = field("client_order_id").value;
    const { quantity, price } = order();
    const query = new URLSearchParams({ asked: String(tredye.paint.now()), symbol, side: chosen("side") });
    const plain = tredye.ticketRules.plainUnits;
    for (const [name, value] of Object.entries({ quantity, price })) if (value) query.set(name, plain(value));
    const url = `${form.dataset.lostUrl.replace("TICKET", encodeURIComponent(id))}?${query}`;
    const box = document.createElement("div");
    box.className = "result result-unknown";
    box.innerHTML = "<h3></h3><p></p>";
    box.firstChild.textContent = "Not known yet: checking";
    box.lastChild.textContent = "No answer came to this page, so the order may have been placed or not. It is looked up every second. Sending the same ticket again is safe: it is only ever one order.";
    result.replaceChildren(box);
    const look = () => {
      if (mine !== lost || !box.isConnected) return;
      globalThis.htmx.ajax("GET", url, { target: "#order-result", swap: "innerHTML" }).catch(() => {}).finally(() => setTimeout(look, LOOK_MS));
    };
    setTimeout(look, LOOK_MS);
  }

  // The server says that it did not even begin: there is nothing to look up.
  function notSent() {
    lost += 1;
    const box = document.createElement("div");
    box.className = "result result-bad";
    box.innerHTML = "<h3></h3><p></p>";
    box.firstChild.textContent = "Not sent";
    box.lastChild.textContent = "Trading is paused, and nothing was done. The ticket stays as it is: send it when trading goes on.";
    result.replaceChildren(box);
  }

  const isSubmit = (context) => context?.sourceElement === form;
  document.addEventListener("htmx:error", ({ detail }) => isSubmit(detail.ctx) && lose());
  document.addEventListener("htmx:response:error", ({ detail }) => {
    if (!isSubmit(detail.ctx) || detail.ctx.response.status < 500) return;
    if (detail.ctx.response.headers.has("Tredye-Not-Begun")) notSent();
    else lose();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-result-clear]")) return;
    event.preventDefault();
    result.replaceChildren();
    field("quantity").focus();
  });

  // --- Events ------------------------------------------------------------------------------------------------------------

  form.addEventListener("input", draw);
  form.addEventListener("input", ask);
  document.addEventListener("tredye:quote", (event) => {
    if (event.detail[0] !== symbol) return;
    [bid, offer] = [parseUnits(event.detail[4]), parseUnits(event.detail[5])];
    quotedAt = Math.max(quotedAt, event.detail[3]);
    see(event.detail);
    draw();
  });
  setInterval(ask, AGE_LOOK_MS);

  // A space around a pasted number is not meant; anything else is for the server to name.
  form.addEventListener("change", (event) => {
    if (event.target.matches("[inputmode]")) event.target.value = event.target.value.trim();
  });

  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.target === result) result.scrollIntoView({ block: "nearest" });
    for (const name of ["quantity", "price", "trigger_price", "trail", "expires_at", "target_price", "stop_price", "stop_limit_price", "stop_trail", "pair_limit_price"]) {
      const wrong = Boolean(document.getElementById(`ticket-error-${name}`)?.textContent);
      field(name).setAttribute("aria-invalid", String(wrong));
    }
    if (result.firstElementChild?.matches(".result-bad")) form.querySelector("[aria-invalid=true]")?.focus();
    draw();
    ask();
  });

  draw();
  ask();
})();
