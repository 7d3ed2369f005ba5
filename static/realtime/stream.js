// The page's end of the stream. It tells the hub of tabs what is on screen and hands what comes to whoever shows it. The hub
// lives in the browser's shared worker; where there is none, or it does not start, it lives in this page.
"use strict";

(() => {
  const tredye = globalThis.tredye;
  const { paint, chip, account } = tredye;
  const { body } = document;
  const WATCH_MS = 100;
  const SILENT_MS = 15000;
  const STALE_WHEN_POLLED_MS = 5000; // two seconds between polls, and the stored price follows by one

  let link = null; // { post, end, isWorker }
  let isHere = false; // whether the hub is in this page
  let heardAt = 0;
  let lookedAt = 0;
  let watchSent = "";
  let watchTimer = null;
  let releaseLock = null;
  let offset = 0;
  let rtt = null;
  const counts = { reconnects: {}, resyncs: { checksum: 0, gap: 0 }, conflated: 0, dropped: 0 };

  // --- What the hub must know ----------------------------------------------------------------------------------------------

  function csrf() {
    try {
      return JSON.parse(body.getAttribute("hx-headers:inherited") ?? body.getAttribute("hx-headers"))["X-CSRFToken"] ?? "";
    } catch {
      return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    }
  }

  function urls() {
    const here = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/stream`;
    if (!body.dataset.streamUrl) return [here];
    const given = new URL(body.dataset.streamUrl, location.href);
    given.protocol = given.protocol.replace(/^http/, "ws");
    if (given.pathname === "/") given.pathname = "/stream";
    return given.href === here ? [here] : [given.href, here];
  }

  function config() {
    const { ticketUrl = "", pollUrl = "", login = "" } = body.dataset;
    return { urls: urls(), ticketUrl, pollUrl, login, csrf: csrf() };
  }

  const parts = () => (body.dataset.streamWorker ?? "").split(/\s+/).filter(Boolean);

  // --- The hub, here or there -----------------------------------------------------------------------------------------------

  // Named by the log-in and the versions of its scripts: tabs of another person, or of another deployment, have another one.
  function workerLink(failed) {
    const [script, ...rest] = parts();
    const worker = new SharedWorker(script, { name: JSON.stringify({ login: body.dataset.login ?? "", parts: rest }) });
    worker.onerror = failed;
    worker.port.onmessage = ({ data }) => hear(data);
    return { isWorker: true, post: (message) => worker.port.postMessage(message), end: () => worker.port.close() };
  }

  function loadScript(url) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.async = false;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${url} could not be loaded`));
      document.head.append(script);
    });
  }

  async function pageLink() {
    const [, ...rest] = parts();
    if (!tredye.Hub) await Promise.all(rest.map(loadScript));
    const hub = new tredye.Hub(tredye.browserWorld());
    return { isWorker: false, post: hub.connect(hear), end() {} };
  }

  async function begin() {
    heardAt = Date.now();
    try {
      if (!globalThis.SharedWorker || !parts().length) throw new Error("no shared worker");
      link = workerLink(beginHere);
    } catch {
      return beginHere();
    }
    return hello();
  }

  // No worker, or one that does not answer: the socket is the page's own.
  async function beginHere() {
    if (isHere) return;
    isHere = true;
    link?.post({ op: "leave" });
    link?.end();
    link = null;
    link = await pageLink();
    hello();
  }

  // --- Saying ---------------------------------------------------------------------------------------------------------------

  // A lock that ends with this page, however it ends: the hub waits behind it to learn that the tab is gone.
  async function holdLock() {
    if (!link.isWorker || !navigator.locks) return undefined;
    const name = `tredye-tab-${crypto.randomUUID()}`;
    await new Promise((held) => {
      navigator.locks.request(name, () => {
        held();
        return new Promise((release) => {
          releaseLock = release;
        });
      });
    });
    return name;
  }

  async function hello() {
    const mine = link;
    if (!mine) return; // it comes, and says so itself
    releaseLock?.();
    const lock = await holdLock();
    if (link !== mine) return;
    const watch = paint.wanted();
    watchSent = JSON.stringify(watch);
    const [visible, online] = [!document.hidden, navigator.onLine !== false];
    link.post({ op: "hello", config: config(), watch, visible, online, sequence: account.sequence(), lock });
  }

  function leave() {
    link?.post({ op: "leave" });
    releaseLock?.();
    releaseLock = null;
  }

  function sendWatch() {
    watchTimer = null;
    const watch = paint.wanted();
    const text = JSON.stringify(watch);
    if (text === watchSent || !link) return;
    watchSent = text;
    link.post({ op: "watch", ...watch });
  }

  // What is on screen may be something else.
  function look() {
    watchTimer ??= setTimeout(sendWatch, WATCH_MS);
  }

  function refresh() {
    paint.collect();
    chip.show();
    look();
  }

  // --- Hearing --------------------------------------------------------------------------------------------------------------

  function addCounts(news) {
    for (const [why, times] of Object.entries(news.reconnects)) counts.reconnects[why] = (counts.reconnects[why] ?? 0) + times;
    for (const why of ["checksum", "gap"]) counts.resyncs[why] += news.resyncs[why];
    counts.conflated += news.conflated;
    counts.dropped += news.dropped;
  }

  function hear(message) {
    heardAt = Date.now();
    link?.post({ op: "took" });
    if (message.clock) ({ offset, rtt } = message.clock);
    if (message.counts) addCounts(message.counts);
    if (message.modes !== undefined) tredye.modes.set(message.modes);
    if (message.state) {
      paint.setStaleAfter(message.state.name === "polling" ? STALE_WHEN_POLLED_MS : undefined);
      chip.set(message.state);
    }
    paint.take(message);
    if (message.gap !== undefined) account.gap(message.gap);
    if (message.a) account.take(message.a);
    if (message.notices !== undefined) document.dispatchEvent(new CustomEvent("tredye:notices", { detail: message.notices }));
  }

  // --- The page's life ------------------------------------------------------------------------------------------------------

  function everySecond() {
    const now = Date.now();
    const wasAway = now - lookedAt > 3000;
    lookedAt = now;
    chip.show();
    sendWatch();
    if (document.hidden || wasAway) heardAt = Math.max(heardAt, now - SILENT_MS / 2);
    else if (link?.isWorker && now - heardAt > SILENT_MS) beginHere(); // the worker died, and nobody else would say so
  }

  function visibility() {
    link?.post({ op: "visible", value: !document.hidden });
  }

  tredye.clock = { offset: () => offset, rtt: () => rtt, now: () => Date.now() + offset };
  tredye.stream = {
    look,
    refresh,
    status: chip.status,
    isShared: () => Boolean(link?.isWorker),
    // What went wrong since the page was opened; of a browser's one socket each event is counted in one tab.
    counts() {
      const { conflated, dropped } = paint.counts();
      const { reconnects, resyncs } = counts;
      return { reconnects: { ...reconnects }, resyncs: { ...resyncs }, conflated: counts.conflated + conflated, dropped: counts.dropped + dropped };
    },
  };
  paint.collect();
  begin();
  setInterval(everySecond, 1000);
  for (const name of ["htmx:after:swap", "htmx:after:settle", "htmx:after:process"]) document.addEventListener(name, refresh);
  document.addEventListener("visibilitychange", visibility);
  document.addEventListener("freeze", () => link?.post({ op: "visible", value: false }));
  document.addEventListener("resume", hello);
  addEventListener("offline", () => link?.post({ op: "online", value: false }));
  addEventListener("online", () => link?.post({ op: "online", value: true }));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => event.persisted && hello());
})();
