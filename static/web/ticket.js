// The ticket: what an order would cost, the sheet on a phone, the keyboard. Money is BigInt in units of 10^-8; the server decides.
"use strict";

(() => {
  const UNIT = 10n ** 8n;
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

  globalThis.tredye ||= {};
  globalThis.tredye.estimate = estimate;
  if (typeof document === "undefined") return;

  const form = document.querySelector("[data-ticket]");
  if (!form) return;
  const { parseUnits, formatUnits, MISSING } = globalThis.tredye.numbers;
  const ticket = form.closest(".ticket");
  const box = form.querySelector("[data-ticket-estimate]");
  const warning = form.querySelector("[data-ticket-warning]");
  const result = document.getElementById("order-result");
  const { quote: quoteCode, base: baseCode, symbol } = form.dataset;
  let bid = parseUnits(form.dataset.bid);
  let ask = parseUnits(form.dataset.ask);

  const number = (name) => Number.parseInt(form.dataset[name], 10);
  const chosen = (name) => form.querySelector(`[name=${name}]:checked`).value;
  const field = (name) => form.querySelector(`[name=${name}]`);

  function terms() {
    const funds = document.querySelector("[data-funds]");
    return {
      bid,
      ask,
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

  // --- The sheet, the side, the price --------------------------------------------------------------------------------------

  function open() {
    ticket.classList.add("is-open");
  }

  function close() {
    ticket.classList.remove("is-open");
    if (location.hash === "#ticket") history.replaceState(history.state, "", location.pathname + location.search);
  }

  function choose(side) {
    form.querySelector(`[name=side][value=${side}]`).checked = true;
    open();
    field("quantity").focus();
    draw();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-ticket-open]");
    if (opener) {
      event.preventDefault();
      choose(opener.dataset.ticketOpen);
    } else if (event.target.closest("[data-ticket-close]")) {
      event.preventDefault();
      close();
    }
  });
  document.addEventListener("tredye:side", (event) => choose(event.detail));
  document.addEventListener("tredye:close", close);
  document.addEventListener("tredye:price-picked", (event) => {
    if (event.detail.symbol !== symbol) return;
    form.querySelector("[name=order_type][value=LIMIT]").checked = true;
    field("price").value = event.detail.price;
    open();
    draw();
  });

  // --- Events ------------------------------------------------------------------------------------------------------------

  form.addEventListener("input", draw);
  document.addEventListener("tredye:quote", (event) => {
    if (event.detail[0] !== symbol) return;
    [bid, ask] = [parseUnits(event.detail[4]), parseUnits(event.detail[5])];
    draw();
  });

  // A space around a pasted number is not meant; anything else is for the server to name.
  form.addEventListener("change", (event) => {
    if (event.target.matches("[inputmode]")) event.target.value = event.target.value.trim();
  });

  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.target === result) result.scrollIntoView({ block: "nearest" });
    for (const name of ["quantity", "price", "trigger_price", "trail", "expires_at", "target_price", "stop_price"]) {
      const wrong = Boolean(document.getElementById(`ticket-error-${name}`)?.textContent);
      field(name).setAttribute("aria-invalid", String(wrong));
    }
    if (result.firstElementChild?.matches(".result-bad")) form.querySelector("[aria-invalid=true]")?.focus();
    draw();
  });

  draw();
})();
