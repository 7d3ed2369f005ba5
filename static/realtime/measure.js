// How fast this page is: what it measures of itself, told to the server every 15 s and when the page goes. Only a share of the page
// views loads this (<body data-beacon="kind">, the server decides). Counts in fixed buckets; nothing that names a person.
"use strict";

(() => {
  const EDGES_MS = [1, 2, 4, 8, 16, 33, 50, 100, 250, 500, 1000, 2500, 5000];
  const EVERY_MS = 15000;
  // Of each kind; the server takes no more. What comes beyond is as good as what came before, so it is not missed.
  const SAMPLES_MAX = 1000;
  const TICKS_MAX = 100000;
  const MS_MAX = 60000;
  // A clock that is further off than this is not known: an interval by two clocks would say nothing.
  const EARLY_MS = 50;
  const WHYS = new Set("1000 1001 1005 1006 1008 1011 1012 1013 4001 4003 4008 4009 silent hole offline slept ticket".split(" "));

  // --- Counting (pure) ---------------------------------------------------------------------------------------------------

  // The bucket of an interval: the first edge that it does not pass.
  function bucketOf(ms) {
    const place = EDGES_MS.findIndex((edge) => ms <= edge);
    return place < 0 ? EDGES_MS.length : place;
  }

  class Tally {
    #counts = new Array(EDGES_MS.length + 1).fill(0);
    #samples = 0;

    add(ms) {
      if (!Number.isFinite(ms) || ms < -EARLY_MS || this.#samples >= SAMPLES_MAX) return;
      this.#counts[bucketOf(ms)] += 1;
      this.#samples += 1;
    }

    take() {
      const taken = this.#counts;
      this.#counts = new Array(EDGES_MS.length + 1).fill(0);
      this.#samples = 0;
      return taken;
    }
  }

  const whole = (value, most) => Math.min(Math.max(Math.round(Number(value) || 0), 0), most);

  // What came since `before`, of counts that only rise; those of a socket that was made anew begin at 0 again.
  function grown(now, before, most) {
    const more = whole(now, Number.MAX_SAFE_INTEGER) - whole(before, Number.MAX_SAFE_INTEGER);
    return Math.min(more < 0 ? whole(now, most) : more, most);
  }

  function reconnectsSince(now = {}, before = {}) {
    const told = {};
    for (const [why, count] of Object.entries(now)) {
      const name = WHYS.has(why) ? why : "other";
      const more = grown(count, before[why], SAMPLES_MAX);
      if (more) told[name] = Math.min((told[name] ?? 0) + more, SAMPLES_MAX);
    }
    return told;
  }

  const tredye = (globalThis.tredye ||= {});
  tredye.measureRules = { EDGES_MS, SAMPLES_MAX, bucketOf, Tally, grown, reconnectsSince };
  if (typeof document === "undefined") return;

  // --- Watching ----------------------------------------------------------------------------------------------------------

  const page = document.body.dataset.beacon;
  if (!page) return;
  const tallies = Object.fromEntries(["frames", "paint", "waited", "painted", "feed"].map((name) => [name, new Tally()]));
  let longtasks = 0;
  let longestMs = 0;
  let inpMs = 0;
  let counted = {};
  let began = performance.now();
  let watchesFrame = false;

  // Detail of tredye:frame: tookMs of a frame that painted prices. From it to the next one: what else runs in it makes it longer.
  function framed({ tookMs, quotes }) {
    if (!quotes || document.hidden) return;
    tallies.paint.add(tookMs);
    if (watchesFrame) return;
    watchesFrame = true;
    const painting = document.timeline.currentTime;
    requestAnimationFrame((next) => {
      watchesFrame = false;
      if (next > painting && !document.hidden) tallies.frames.add(next - painting);
    });
  }

  // Detail of tredye:painted: feedAt and sentAt by the server's clock, receivedAt and paintedAt by this machine's, all in ms.
  function painted({ feedAt, sentAt, receivedAt, paintedAt }) {
    if (document.hidden) return;
    tallies.waited.add(paintedAt - receivedAt);
    if (!Number.isFinite(tredye.clock?.rtt())) return; // no heartbeat yet
    const offset = tredye.clock.offset();
    tallies.painted.add(paintedAt + offset - sentAt);
    tallies.feed.add(paintedAt + offset - feedAt);
  }

  function observe(type, options, take) {
    if (!PerformanceObserver.supportedEntryTypes.includes(type)) return;
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, ...options });
  }

  function watch() {
    document.addEventListener("tredye:frame", (event) => framed(event.detail));
    document.addEventListener("tredye:painted", (event) => painted(event.detail));
    observe("longtask", { buffered: true }, ({ duration }) => {
      longtasks += 1;
      longestMs = Math.max(longestMs, duration);
    });
    observe("event", { durationThreshold: 16, buffered: true }, ({ interactionId, duration }) => {
      if (interactionId) inpMs = Math.max(inpMs, duration);
    });
  }

  // --- Telling -----------------------------------------------------------------------------------------------------------

  function collect() {
    const now = structuredClone(tredye.stream?.counts?.() ?? {});
    const before = counted;
    counted = now;
    const told = {
      v: 1,
      page,
      ...Object.fromEntries(Object.entries(tallies).map(([name, tally]) => [name, tally.take()])),
      longtasks: whole(longtasks, SAMPLES_MAX),
      longest_ms: whole(longestMs, MS_MAX),
      inp_ms: whole(inpMs, MS_MAX),
      reconnects: reconnectsSince(now.reconnects, before.reconnects),
      resyncs: {
        checksum: grown(now.resyncs?.checksum, before.resyncs?.checksum, SAMPLES_MAX),
        gap: grown(now.resyncs?.gap, before.resyncs?.gap, SAMPLES_MAX),
      },
      conflated: grown(now.conflated, before.conflated, TICKS_MAX),
      dropped: grown(now.dropped, before.dropped, TICKS_MAX),
    };
    longtasks = longestMs = inpMs = 0;
    return told;
  }

  const isSilent = (told) => !JSON.stringify({ ...told, v: 0, page: "" }).match(/[1-9]/);

  function tell() {
    const told = collect();
    if (isSilent(told)) return;
    navigator.sendBeacon("/beacon", new Blob([JSON.stringify(told)], { type: "text/plain" }));
  }

  watch();
  setInterval(() => {
    began = performance.now();
    tell();
  }, EVERY_MS);
  addEventListener("pagehide", () => {
    if (performance.now() - began > 1000) tell();
  });
})();
