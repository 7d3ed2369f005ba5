// On a phone the ticket is a sheet over the page: opened by Buy and Sell, closed by Esc, its cross, a touch beside it and "back".
// While it is open the focus stays in it, and afterwards goes back to where it was.
"use strict";

(() => {
  const PHONE = window.matchMedia("(max-width: 48rem)");
  const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select, summary";
  const form = document.querySelector("[data-ticket]");
  if (!form) return;
  const ticket = form.closest(".ticket");
  if (!ticket) return;
  let opener = null;
  ticket.dataset.sheet = ""; // from here on the address opens nothing by itself

  const isOpen = () => ticket.classList.contains("is-open");
  const isSheet = () => PHONE.matches;

  function open(from = null) {
    if (isOpen() || !isSheet()) return;
    opener = from ?? document.activeElement;
    ticket.classList.add("is-open");
    ticket.setAttribute("role", "dialog");
    ticket.setAttribute("aria-modal", "true");
    // Another fragment and nothing else, so that nobody takes the way back for one to another page.
    if (location.hash !== "#ticket") history.pushState({ ticket: true }, "", "#ticket");
  }

  // What was opened with a step forward is closed with a step back, whoever takes it.
  function close() {
    if (!isOpen()) return;
    if (history.state?.ticket) history.back();
    else shut();
  }

  function shut() {
    if (!isOpen()) return;
    ticket.classList.remove("is-open");
    ticket.removeAttribute("role");
    ticket.removeAttribute("aria-modal");
    if (location.hash === "#ticket") history.replaceState(history.state, "", location.pathname + location.search);
    opener?.focus?.({ preventScroll: true });
    opener = null;
  }

  function choose(side, from) {
    form.querySelector(`[name=side][value=${side}]`).checked = true;
    open(from);
    form.querySelector("[name=quantity]").focus();
    form.dispatchEvent(new Event("input"));
  }

  document.addEventListener("click", (event) => {
    const from = event.target.closest("[data-ticket-open]");
    if (from) {
      event.preventDefault();
      event.stopPropagation();
      choose(from.dataset.ticketOpen, from);
    } else if (event.target.closest("[data-ticket-close]")) {
      event.preventDefault();
      close();
    } else if (isOpen() && isSheet() && !event.target.closest(".ticket, .toasts") && event.target.isConnected) {
      event.preventDefault();
      close();
    }
  });
  document.addEventListener("tredye:side", (event) => choose(event.detail, null));
  document.addEventListener("tredye:ticket-wanted", () => open());
  document.addEventListener("tredye:close", () => close());
  window.addEventListener("popstate", (event) => !event.state?.ticket && shut());
  PHONE.addEventListener("change", () => !isSheet() && close());

  ticket.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || !isOpen() || !isSheet()) return;
    const all = [...ticket.querySelectorAll(FOCUSABLE)].filter((element) => element.getClientRects().length && element.tabIndex >= 0);
    const [first, last] = [all[0], all.at(-1)];
    const leaves = event.shiftKey ? document.activeElement === first : document.activeElement === last;
    if (!leaves) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  });
  document.addEventListener("focusin", (event) => {
    if (isOpen() && isSheet() && !ticket.contains(event.target)) ticket.querySelector("[name=quantity]").focus();
  });

  // A link that fills the ticket opens it.
  if (location.hash === "#ticket") open(document.body);
})();
