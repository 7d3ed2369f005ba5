// Instants on a chart, in the reader's own zone. Pure. The chart keeps UTC: local times repeat when the clocks go back.
"use strict";

(() => {
  const DAY = 86400;
  const STEP = 900; // zones change at whole quarters of an hour
  const KEPT_MAX = 5000;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  // How much a mark of the time axis weighs, as the library counts it: the heaviest are shown first.
  const WEIGHTS = [[43200, 33], [21600, 32], [10800, 31], [3600, 30], [1800, 22], [300, 21], [60, 20], [1, 10]];
  const [YEAR, MONTH, DAY_OF_MONTH, , WITH_SECONDS] = [0, 1, 2, 3, 4]; // the library's kinds of marks

  const two = (number) => String(number).padStart(2, "0");

  class Clock {
    constructor(zone) {
      const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" };
      this.format = zone === "UTC" ? null : new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", ...parts });
      this.known = new Map();
    }

    ask(second) {
      const part = Object.fromEntries(this.format.formatToParts(second * 1000).map(({ type, value }) => [type, Number(value)]));
      return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000 - second;
    }

    remember(second) {
      if (this.known.size > KEPT_MAX) this.known.clear();
      if (!this.known.has(second)) this.known.set(second, this.ask(second));
      return this.known.get(second);
    }

    // Seconds that the reader's clock is ahead of UTC at an instant. Asked for days, and for quarters of the few that have two.
    offset(second) {
      if (!this.format) return 0;
      const day = Math.floor(second / DAY) * DAY;
      const [begin, end] = [this.remember(day), this.remember(day + DAY)];
      return begin === end ? begin : this.remember(Math.floor(second / STEP) * STEP);
    }

    local(second) {
      return second + this.offset(second);
    }

    date(second) {
      return new Date(this.local(second) * 1000);
    }

    // "22 Nov 2026", with the time where bars are shorter than a day, and its seconds where they are shorter than a minute.
    stamp(second, interval) {
      const date = this.date(second);
      const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
      return interval >= DAY ? day : `${day} ${this.time(second, interval < 60)}`;
    }

    time(second, withSeconds) {
      const date = this.date(second);
      return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${withSeconds ? `:${two(date.getUTCSeconds())}` : ""}`;
    }

    mark(second, kind) {
      const date = this.date(second);
      if (kind === YEAR) return String(date.getUTCFullYear());
      if (kind === MONTH) return MONTHS[date.getUTCMonth()];
      if (kind === DAY_OF_MONTH) return String(date.getUTCDate());
      return this.time(second, kind === WITH_SECONDS);
    }
  }

  // Both in local seconds.
  function weightOf(at, before) {
    const [date, other] = [new Date(at * 1000), new Date(before * 1000)];
    if (date.getUTCFullYear() !== other.getUTCFullYear()) return 70;
    if (date.getUTCMonth() !== other.getUTCMonth()) return 60;
    if (date.getUTCDate() !== other.getUTCDate()) return 50;
    return WEIGHTS.find(([width]) => Math.floor(at / width) !== Math.floor(before / width))?.[1] ?? 0;
  }

  // The weights of instants from `start` on; what stood before the first is guessed from their mean distance.
  function weightsOf(seconds, start, clock) {
    const local = (place) => clock.local(seconds[place]);
    const apart = seconds.length > 1 ? Math.ceil((seconds.at(-1) - seconds[0]) / (seconds.length - 1)) : 0;
    return seconds.slice(start).map((_, place) => {
      const at = start + place;
      return weightOf(local(at), at ? local(at - 1) : local(0) - apart);
    });
  }

  (globalThis.tredye ||= {}).chartTime = { Clock, weightOf, weightsOf };
})();
