// Owns the page's one socket: connects, says hello, watches what the page shows, answers heartbeats, comes back when it breaks.
"use strict";

(() => {
  // --- Rules (pure) ------------------------------------------------------------------------------------------------------

  const BACKOFF = { base: 500, cap: 15000, goodAfter: 30000 };
  const MINUTE = 60000;

  // Full jitter: many pages that lost the same server do not come back in one wave.
  function backoffMs(attempt, random) {
    return Math.floor(random * Math.min(BACKOFF.cap, BACKOFF.base * 2 ** Math.min(attempt, 10)));
  }

  // What a close code asks for: when to come back, and whether what shows account data must load anew.
  function afterClose(code, { attempt, random, retryMs = 0, ticketRefused = 0 }) {
    switch (code) {
      case 1008: return { wait: MINUTE, reload: false, text: "a limit was broken" };
      case 1012: return { wait: retryMs ? Math.floor(retryMs * (0.5 + random)) : backoffMs(attempt, random), reload: false };
      case 1013: return { wait: 5000 + backoffMs(attempt + 3, random), reload: false, text: "too many connections" };
      case 4001: return { wait: ticketRefused ? backoffMs(attempt, random) : 0, reload: false, withoutTicket: ticketRefused > 0 };
      case 4003: return { wait: null, reload: false, text: "not allowed" };
      case 4008: return { wait: backoffMs(attempt, random), reload: true };
      case 4009: return { wait: 0, reload: true };
      default: return { wait: backoffMs(attempt, random), reload: false };
    }
  }

  // Which fragments an account event concerns.
  function concerns(type) {
    if (type === "ORDER_FILLED") return ["orders-changed", "balances-changed", "positions-changed"];
    if (type === "ORDER_DENIED" || type === "ORDER_REJECTED") return ["orders-changed"];
    if (type.startsWith("ORDER_")) return ["orders-changed", "balances-changed"];
    return ["balances-changed"];
  }

  // What is missing beside live prices: "" when the account's events come too, or there is no account to hear of.
  function missingOf(hasAccount, ticket) {
    if (!hasAccount || ticket) return "";
    return ticket === null ? "your orders follow" : "log in again for your orders";
  }

  const tredye = (globalThis.tredye ||= {});
  tredye.streamRules = { backoffMs, afterClose, concerns, missingOf, BACKOFF };
  if (typeof document === "undefined") return;

  // --- State -------------------------------------------------------------------------------------------------------------

  const DEADLINE_MS = 5000;
  const HIDDEN_MS = 5 * MINUTE;
  const TRIGGER_MS = 250;
  const WATCH_MS = 200;
  const TICKET_MS = 3000;
  const ALL = ["orders-changed", "balances-changed", "positions-changed"];
  const TEXTS = { live: "Live", stale: "Prices stale", connecting: "Connecting", reconnecting: "Reconnecting", offline: "Offline" };
  const AWAY = ["stale", "offline", "reconnecting"];
  const CHIP = { live: "live", stale: "stale", connecting: "connecting", reconnecting: "connecting", offline: "down", off: "off" };

  let socket = null;
  let greeted = false;
  let heardAt = 0;
  let openedAt = 0;
  let attempt = 0;
  let urlIndex = 0;
  let ticketRefused = 0;
  let withoutTicket = false;
  let missing = "";
  let retryMs = 0;
  let reconnectTimer = null;
  let hiddenTimer = null;
  let ticketTimer = null;
  let watchSent = "";
  let watchTimer = null;
  let accountSequence = null;
  let state = { name: "off", since: Date.now(), text: "" };
  const { paint } = tredye;
  const body = () => document.body;

  // --- Status ------------------------------------------------------------------------------------------------------------

  function setState(name, text = "") {
    if (name === state.name && text === state.text) return;
    state = { name, text, since: name === state.name ? state.since : Date.now() };
    showState();
    document.dispatchEvent(new CustomEvent("tredye:status", { detail: { ...state } }));
  }

  function stateText() {
    const without = missing ? `, ${missing}` : "";
    if (state.name === "live") return TEXTS.live + without;
    if (state.name === "off") return "Not live";
    const since = new Date(state.since).toLocaleTimeString([], { hour12: false });
    return `${TEXTS[state.name]}${state.text ? `: ${state.text}` : ""} since ${since}${state.name === "stale" ? without : ""}`;
  }

  // The first words by themselves: a phone has no room for the rest, and the banner below says all of it.
  function writeState(chip) {
    const text = stateText();
    const first = TEXTS[state.name] || text;
    const rest = document.createElement("span");
    rest.textContent = text.slice(first.length);
    const whole = document.createElement("span");
    whole.append(first, rest);
    chip.title = text;
    chip.replaceChildren(whole);
  }

  function showState() {
    for (const chip of document.querySelectorAll("[data-stream-status]")) {
      chip.dataset.state = state.name === "live" && missing ? "partial" : CHIP[state.name];
      chip.toggleAttribute("data-away", AWAY.includes(state.name));
      if (chip.textContent !== stateText()) writeState(chip);
    }
    const troubled = AWAY.includes(state.name) && Date.now() - state.since > 3000;
    for (const banner of document.querySelectorAll("[data-stream-banner]")) {
      const text = troubled ? `${stateText()}. What you see may be old.` : "";
      if (banner.textContent !== text) banner.textContent = text;
      banner.hidden = !troubled;
    }
  }

  // --- Account events ----------------------------------------------------------------------------------------------------

  const due = new Set();
  let triggerTimer = null;
  let triggeredAt = 0;

  function trigger(names) {
    for (const name of names) due.add(name);
    triggerTimer ??= setTimeout(fireTriggers, Math.max(0, triggeredAt + TRIGGER_MS - Date.now()));
  }

  function fireTriggers() {
    triggerTimer = null;
    triggeredAt = Date.now();
    const names = [...due];
    due.clear();
    for (const name of names) body().dispatchEvent(new CustomEvent(name));
  }

  function setAccountSequence(sequence) {
    accountSequence = sequence;
    body().dataset.accountSequence = String(sequence);
  }

  function takeAccountEvents(events) {
    for (const event of events) {
      if (accountSequence !== null && event.account_sequence <= accountSequence) continue;
      if (accountSequence !== null && event.account_sequence !== accountSequence + 1) {
        reconnectIn(backoffMs(attempt++, Math.random())); // a hole: come back and have it replayed
        return;
      }
      setAccountSequence(event.account_sequence);
      trigger(concerns(event.type));
      document.dispatchEvent(new CustomEvent("tredye:account", { detail: event }));
    }
  }

  // --- Ticket ------------------------------------------------------------------------------------------------------------

  function csrfToken() {
    const headers = body().getAttribute("hx-headers:inherited") ?? body().getAttribute("hx-headers");
    try {
      return JSON.parse(headers)["X-CSRFToken"] ?? "";
    } catch {
      return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    }
  }

  // A ticket, "" when nobody is logged in, or null when the pages' server cannot be asked now.
  async function fetchTicket() {
    const url = body().dataset.ticketUrl;
    if (!url || withoutTicket) return "";
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        credentials: "same-origin",
        redirect: "error",
        signal: AbortSignal.timeout(TICKET_MS),
      });
      if (response.status === 401 || response.status === 403) return "";
      return response.ok ? (await response.json()).ticket : null;
    } catch {
      return null; // prices are public: they come without it, and the ticket is asked for again
    }
  }

  function askForTicketLater() {
    clearTimeout(ticketTimer);
    ticketTimer = setTimeout(async () => {
      if (!socket || !greeted) return;
      if ((await fetchTicket()) === null) askForTicketLater();
      else reconnectIn(0);
    }, 10000 + Math.random() * 20000);
  }

  // --- The socket --------------------------------------------------------------------------------------------------------

  function urls() {
    const here = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/stream`;
    const first = body().dataset.streamUrl;
    if (!first) return [here];
    const given = new URL(first, location.href);
    given.protocol = given.protocol.replace(/^http/, "ws");
    if (given.pathname === "/") given.pathname = "/stream";
    return given.href === here ? [here] : [given.href, here];
  }

  function send(message) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  function connect() {
    clearTimeout(reconnectTimer);
    reconnectTimer = null;
    if (socket || navigator.onLine === false) return;
    const { symbols, depth } = paint.wanted();
    if (!symbols.length && !depth.length && !body().dataset.ticketUrl) return setState("off");
    if (state.name === "off") setState("connecting");
    const candidates = urls();
    const ticket = fetchTicket();
    const opening = new WebSocket(candidates[urlIndex % candidates.length]);
    socket = opening;
    greeted = false;
    heardAt = Date.now();
    openedAt = 0;
    opening.onopen = async () => {
      const text = await ticket;
      if (socket !== opening) return;
      hello(text);
    };
    opening.onmessage = (event) => socket === opening && take(JSON.parse(event.data));
    opening.onclose = (event) => socket === opening && closed(event.code, candidates.length);
  }

  function hello(ticket) {
    const message = { op: "hello", v: 1 };
    if (ticket) {
      message.ticket = ticket;
      const sequence = accountSequence ?? Number.parseInt(body().dataset.accountSequence, 10);
      if (Number.isInteger(sequence)) message.account_sequence = accountSequence = sequence;
    }
    if (ticket === null) askForTicketLater();
    missing = missingOf(Boolean(body().dataset.ticketUrl), ticket);
    send(message);
    watchSent = "";
    watch();
  }

  const TAKE = {
    welcome(message) {
      greeted = true;
      openedAt = Date.now();
      paint.setServerTime(message.now);
      setState("live");
      showState(); // what is missing may have changed, and the state not
    },
    q: (message) => paint.take("q", message.d),
    p: (message) => paint.take("p", message.d),
    d: (message) => paint.take("d", message.d),
    a: (message) => takeAccountEvents(message.d),
    gap(message) {
      setAccountSequence(message.account_sequence);
      trigger(ALL);
    },
    h(message) {
      send({ op: "ack", n: message.n });
      paint.setServerTime(message.now);
      setState(message.quotes ? "live" : "stale");
      if (Date.now() - openedAt > BACKOFF.goodAfter) attempt = ticketRefused = 0;
    },
    bye(message) {
      retryMs = message.retry_ms;
    },
    err(message) {
      console.warn("stream:", message.code, message.text);
    },
  };

  function take(message) {
    heardAt = Date.now();
    TAKE[message.t]?.(message);
  }

  function closed(code, candidates) {
    const neverOpened = !greeted && code === 1006;
    socket = null;
    greeted = false;
    if (neverOpened && urlIndex + 1 < candidates) {
      urlIndex += 1; // the other address, at once
      return connect();
    }
    if (neverOpened) urlIndex = 0;
    const next = afterClose(code, { attempt, random: Math.random(), retryMs, ticketRefused });
    attempt += 1;
    retryMs = 0;
    if (code === 4001) ticketRefused += 1;
    withoutTicket = Boolean(next.withoutTicket);
    if (next.reload) trigger(ALL);
    if (next.wait === null) return setState("offline", next.text);
    setState("reconnecting", next.text);
    reconnectTimer = setTimeout(connect, next.wait);
  }

  function hangUp() {
    clearTimeout(reconnectTimer);
    reconnectTimer = null;
    const old = socket;
    socket = null;
    greeted = false;
    old?.close(1000);
  }

  function reconnectIn(milliseconds) {
    hangUp();
    reconnectTimer = setTimeout(connect, milliseconds);
  }

  // --- What the page watches ---------------------------------------------------------------------------------------------

  function watch() {
    watchTimer = null;
    const wanted = paint.wanted();
    const text = JSON.stringify(wanted);
    if (!socket) return connect();
    if (text === watchSent || socket.readyState !== WebSocket.OPEN) return;
    watchSent = text;
    send({ op: "watch", ...wanted });
  }

  function refresh() {
    paint.collect();
    showState();
    if (greeted || !socket) watchTimer ??= setTimeout(() => (reconnectTimer ? (watchTimer = null) : watch()), WATCH_MS);
  }

  // --- The page's life ---------------------------------------------------------------------------------------------------

  function everySecond() {
    showState();
    if (socket && Date.now() - heardAt > DEADLINE_MS + (greeted ? 0 : 5000)) {
      setState("reconnecting");
      reconnectIn(backoffMs(attempt++, Math.random()));
    }
  }

  function visibility() {
    clearTimeout(hiddenTimer);
    if (document.hidden) hiddenTimer = setTimeout(hangUp, HIDDEN_MS);
    else if (!socket && !reconnectTimer) connect();
  }

  function begin() {
    tredye.stream = { refresh, status: () => ({ ...state }) };
    paint.collect();
    connect();
    setInterval(everySecond, 1000);
    for (const name of ["htmx:after:swap", "htmx:after:settle", "htmx:after:process"]) document.addEventListener(name, refresh);
    document.addEventListener("visibilitychange", visibility);
    addEventListener("offline", () => {
      hangUp();
      setState("offline");
    });
    addEventListener("online", () => reconnectIn(backoffMs(0, Math.random())));
    addEventListener("pageshow", (event) => event.persisted && reconnectIn(0));
    addEventListener("pagehide", hangUp);
  }

  begin();
})();
