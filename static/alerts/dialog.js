// The alert form in a small dialog: `tredye:alert-wanted` { symbol, price } opens it. Without this script its address is a page.
"use strict";

(() => {
  const HEADERS = { Accept: "text/html", "HX-Request": "true", "HX-Request-Type": "partial" };
  const AWAY = "The form could not be had. Try again in a moment.";
  let dialog = null;

  const note = (text, level) => document.dispatchEvent(new CustomEvent("tredye:note", { detail: { text, level } }));

  function make() {
    const made = document.createElement("dialog");
    made.className = "alert-dialog";
    made.setAttribute("aria-labelledby", "alert-dialog-title");
    const [head, title, close] = ["header", "h2", "button"].map((name) => document.createElement(name));
    Object.assign(title, { id: "alert-dialog-title", textContent: "New alert" });
    Object.assign(close, { className: "icon-button", textContent: "✕", ariaLabel: "Close" });
    close.dataset.alertClose = "";
    head.append(title, close);
    made.append(head, document.createElement("div"));
    made.addEventListener("click", (event) => {
      if (event.target !== made && !event.target.closest("[data-alert-close]")) return;
      event.preventDefault();
      made.close();
    });
    made.addEventListener("submit", send);
    document.body.append(made);
    return made;
  }

  // What the server said: the form, or that it is done.
  function show(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const done = answer.querySelector("[data-alert-done]");
    if (done) {
      dialog.close();
      return note(done.textContent, "success");
    }
    dialog.lastElementChild.replaceChildren(...[...answer.body.childNodes].map((node) => document.adoptNode(node)));
    globalThis.tredye?.stream?.refresh();
    const wrong = dialog.querySelector("[aria-invalid]") ?? dialog.querySelector("[name=price]");
    wrong?.focus();
    if (wrong?.select) wrong.select();
    return undefined;
  }

  async function send(event) {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("button.button-primary");
    button.disabled = true;
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: HEADERS, signal: AbortSignal.timeout(10000) });
      if (!response.ok && response.status !== 422) throw new Error(`status ${response.status}`);
      show(await response.text());
    } catch {
      note("The alert may not be set. Look at your alerts, or try again.", "error");
      button.disabled = false;
    }
  }

  // Without a price the form proposes one.
  async function open({ symbol = "", price = "" }) {
    const query = new URLSearchParams(price ? { symbol, price } : { symbol });
    try {
      const response = await fetch(`/alerts/new/?${query}`, { headers: HEADERS, signal: AbortSignal.timeout(10000) });
      if (!response.ok || response.redirected) throw new Error(`status ${response.status}`);
      dialog ??= make();
      show(await response.text());
      if (!dialog.open) dialog.showModal();
    } catch {
      note(AWAY, "error");
    }
  }

  // Who asks by the event may have a link behind it: it need not lead anywhere now.
  document.addEventListener("tredye:alert-wanted", (event) => {
    event.preventDefault();
    open(event.detail ?? {});
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-alert-symbol]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open({ symbol: link.dataset.alertSymbol });
  });
})();
