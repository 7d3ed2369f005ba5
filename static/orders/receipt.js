// An order's receipt, as far as only the browser knows it: when the ticket was clicked, and when its result was on the screen. Told
// to the server after that, at most once a second. Instants leave in the server's time: the answer to the click says when the server
// received it and when it answered, and between these two lies how far this clock is off.
"use strict";

(() => {
  const TELL_AFTER_MS = 1000;
  // As many as the server takes in one message.
  const ORDERS_MAX = 20;

  // --- Clocks (pure) -----------------------------------------------------------------------------------------------------

  // The server's clock minus this one's in ms. The request left here at `sent` and was received later; the answer was ready before
  // it was here at `answered`. `kept` is what the stream's heartbeats say, if they say anything that is possible.
  function offsetOf({ sent, answered, receivedUs, answeredUs, kept }) {
    const [least, most] = [answeredUs / 1000 - answered, receivedUs / 1000 - sent];
    if (!(least <= most)) return null; // a clock was set in between
    return Number.isFinite(kept) ? Math.min(Math.max(kept, least), most) : (least + most) / 2;
  }

  // The click and the painting in the server's microseconds, null when they cannot be told. The rounding of large numbers must not put
  // the one behind the receiving, or the other before the answer.
  function seenOf(times) {
    const offset = offsetOf(times);
    if (offset === null) return null;
    const [clicked, painted] = [times.clicked, times.painted].map((instant) => Math.round((instant + offset) * 1000));
    return [Math.min(clicked, times.receivedUs), Math.max(painted, times.answeredUs)];
  }

  const tredye = (globalThis.tredye ||= {});
  tredye.receiptRules = { offsetOf, seenOf };
  if (typeof document === "undefined") return;

  // --- The ticket --------------------------------------------------------------------------------------------------------

  const form = document.querySelector("[data-ticket]");
  const result = document.getElementById("order-result");
  if (!form || !result) return;
  const waiting = []; // [order id, clicked, painted]
  let clickedAt = null; // of the ticket, on the page's own clock that nobody sets
  let sentAt = 0;
  let answeredAt = 0;
  let timer = null;

  // This machine's time, as the stream reads it, of an instant of the clock that nobody sets.
  const here = (instant) => Date.now() - performance.now() + instant;

  // What the stream's heartbeats say of the clock, once one was answered.
  const keptOffset = () => (Number.isFinite(tredye.clock?.rtt()) ? tredye.clock.offset() : undefined);

  const isTicket = (context) => context?.sourceElement === form;

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-ticket-submit]")) clickedAt = event.timeStamp;
  });
  document.addEventListener("htmx:before:request", ({ detail }) => {
    if (isTicket(detail.ctx)) sentAt = performance.now();
  });
  document.addEventListener("htmx:before:response", ({ detail }) => {
    if (isTicket(detail.ctx)) answeredAt = performance.now();
  });
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    const shown = result.querySelector("[data-receipt]");
    if (!isTicket(detail.ctx) || !shown) return;
    const { receipt, received, answered } = shown.dataset;
    const told = { receivedUs: Number(received), answeredUs: Number(answered), kept: keptOffset() };
    const [clicked, sent, had] = [clickedAt ?? sentAt, sentAt, answeredAt];
    clickedAt = null;
    afterPainting((painted) => {
      const seen = seenOf({ ...told, clicked: here(clicked), sent: here(sent), answered: here(had), painted: here(painted) });
      if (seen) for (const order of receipt.split(" ")) note([Number(order), ...seen]);
    });
  });

  // Calls back when what was swapped in is on the screen: the first task after the frame that paints it.
  function afterPainting(done) {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        done(performance.now());
      };
      port2.postMessage(null);
    });
  }

  // --- Telling -----------------------------------------------------------------------------------------------------------

  function note(seen) {
    if (waiting.length < ORDERS_MAX) waiting.push(seen);
    timer ??= setTimeout(tell, TELL_AFTER_MS);
  }

  // A receipt that does not arrive is one that is not there; the order does not mind.
  function tell() {
    clearTimeout(timer);
    timer = null;
    const told = waiting.splice(0);
    if (!told.length) return;
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    fetch(form.dataset.receiptsUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ v: 1, d: told }),
      credentials: "same-origin",
      redirect: "error",
      keepalive: true,
    }).catch((error) => console.info("receipt:", error.message));
  }

  addEventListener("pagehide", tell);
})();
