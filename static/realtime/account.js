// Account events and the HTML that shows them: what a fragment was rendered with is never applied again, nothing older replaces
// it, and what is missing is fetched again or said.
"use strict";

(() => {
  const TRIGGER_MS = 250;
  const LOOK_MS = 500;
  const TRIES = 5;
  const LOST = "What you see of your account may be old: it could not be brought up to date. Load the page again.";

  // --- Rules (pure) ------------------------------------------------------------------------------------------------------

  const ALL = ["orders-changed", "balances-changed", "positions-changed", "switch-changed"];

  // Which fragments an account event concerns.
  function concerns(type) {
    if (type === "ORDER_FILLED") return ["orders-changed", "balances-changed", "positions-changed"];
    if (type === "ORDER_DENIED" || type === "ORDER_REJECTED") return ["orders-changed"];
    if (type.startsWith("ORDER_")) return ["orders-changed", "balances-changed"];
    return type === "DEAD_MANS_SWITCH_FIRED" ? ["balances-changed", "switch-changed"] : ["balances-changed"];
  }

  // The events that a fragment listens to, read from its hx-trigger.
  const namesIn = (trigger) => ALL.filter((name) => new RegExp(`(^|[\\s,])${name}([\\s,]|$)`).test(trigger ?? ""));

  // Whether a response may take the place of what is shown: a fragment never goes back.
  const mayReplace = (shown, incoming) => shown === null || incoming === null || incoming >= shown;

  // Watches over fragments that must show an event and do not yet. `key` names the fragment.
  class Healing {
    constructor() {
      this.known = new Map();
    }

    // "ok", "wait" while a fetch is under way, "again" when another is due, "lost" when five of them did not help.
    judge(key, { shown, needed, now }) {
      if (shown === null || shown >= needed) {
        this.known.delete(key);
        return "ok";
      }
      const known = this.known.get(key);
      if (!known || shown > known.shown) {
        this.known.set(key, { shown, tries: 0, nextAt: now + LOOK_MS });
        return "wait";
      }
      if (now < known.nextAt) return "wait";
      if (known.tries >= TRIES) return "lost";
      known.tries += 1;
      known.nextAt = now + LOOK_MS * 2 ** known.tries;
      return "again";
    }

    // What is no longer on the page needs nothing.
    keepOnly(keys) {
      for (const key of this.known.keys()) if (!keys.has(key)) this.known.delete(key);
    }
  }

  const tredye = (globalThis.tredye ||= {});
  tredye.accountRules = { ALL, concerns, namesIn, mayReplace, Healing };
  if (typeof document === "undefined") return;

  // --- What is needed, what is shown --------------------------------------------------------------------------------------

  const healing = new Healing();
  const needed = new Map(ALL.map((name) => [name, -1])); // the newest event that concerns it
  const due = new Set();
  let sequence = null; // the newest account event that the page was told of
  let triggerTimer = null;
  let triggeredAt = 0;

  function sequenceIn(root) {
    const marked = root.matches?.("[data-account-sequence]") ? root : root.querySelector("[data-account-sequence]");
    const value = Number.parseInt(marked?.dataset.accountSequence, 10);
    return Number.isNaN(value) ? null : value;
  }

  function setSequence(value) {
    sequence = value;
    document.body.dataset.accountSequence = String(value);
  }

  function need(names, at) {
    for (const name of names) {
      needed.set(name, Math.max(needed.get(name), at));
      due.add(name);
    }
    triggerTimer ??= setTimeout(fire, Math.max(0, triggeredAt + TRIGGER_MS - Date.now()));
  }

  function fire() {
    triggerTimer = null;
    triggeredAt = Date.now();
    const names = [...due];
    due.clear();
    for (const name of names) announce(name);
  }

  function announce(name) {
    document.body.dispatchEvent(new CustomEvent(name, { detail: { accountSequence: needed.get(name) } }));
  }

  // --- Fragments that lag -------------------------------------------------------------------------------------------------

  function fragments() {
    const found = [];
    for (const element of document.querySelectorAll("[hx-trigger]")) {
      const names = namesIn(element.getAttribute("hx-trigger"));
      const key = element.id || element.getAttribute("hx-get");
      if (names.length) found.push({ key, names, shown: sequenceIn(element), needed: Math.max(...names.map((name) => needed.get(name))) });
    }
    return found;
  }

  function look() {
    const found = fragments();
    healing.keepOnly(new Set(found.map(({ key }) => key)));
    const again = new Set();
    let isLost = false;
    for (const fragment of found) {
      const verdict = healing.judge(fragment.key, { ...fragment, now: Date.now() });
      if (verdict === "again") for (const name of fragment.names) again.add(name);
      isLost ||= verdict === "lost";
    }
    tredye.chip.trouble("account", isLost ? LOST : "");
    for (const name of again) announce(name);
  }

  // Ours says which event it is about; a fragment that was rendered with it has nothing to fetch.
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const about = ctx.sourceEvent?.detail?.accountSequence;
    const shown = sequenceIn(ctx.sourceElement);
    if (about !== undefined && shown !== null && shown >= about) event.preventDefault();
  });

  const listens = (element) => namesIn(element?.getAttribute?.("hx-trigger")).length > 0;

  // What refreshes itself, or comes beside an answer, must not go back to what it was before. What a person asked for comes in
  // even so, and is brought up to date afterwards.
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    for (const task of [...tasks]) {
      const target = typeof task.target === "string" ? document.querySelector(task.target) : task.target;
      if (!target || (task.type === "main" && !listens(ctx.sourceElement))) continue;
      if (!mayReplace(sequenceIn(target), sequenceIn(task.fragment))) tasks.splice(tasks.indexOf(task), 1);
    }
  });

  // --- What the stream says -----------------------------------------------------------------------------------------------

  function take(events) {
    for (const event of events) {
      if (sequence !== null && event.account_sequence <= sequence) continue;
      setSequence(event.account_sequence);
      need(concerns(event.type), event.account_sequence);
      document.dispatchEvent(new CustomEvent("tredye:account", { detail: event }));
    }
  }

  // Events were missed that cannot be told any more: everything that shows the account loads anew.
  function gap(at) {
    setSequence(at);
    for (const name of ALL) needed.set(name, Math.min(needed.get(name), at)); // the server may know of less than the page did
    need(ALL, at);
  }

  const rendered = Number.parseInt(document.body.dataset.accountSequence, 10);
  if (!Number.isNaN(rendered)) sequence = rendered;
  tredye.account = { take, gap, sequence: () => sequence };
  setInterval(look, LOOK_MS);
})();
