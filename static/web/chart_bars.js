// The bars of a chart: pages of the past joined with what the stream tells, intervals that are folded from stored ones, and the
// steps of a price. Pure. A bar's numbers are kept as texts, and as floats beside them, which are for drawing alone.
"use strict";

(() => {
  const BARS_MAX = 10000;
  const SURPLUS_MAX = 500; // a chart is not drawn anew for every bar that is one too many
  const SCALE = 10n ** 8n;

  const numbers = () => globalThis.tredye.numbers;

  // Units of 10^-8 as the plain text that is sent.
  function plain(units) {
    const size = units < 0n ? -units : units;
    const fraction = String(size % SCALE).padStart(8, "0").replace(/0+$/, "");
    return `${units < 0n ? "-" : ""}${size / SCALE}${fraction ? `.${fraction}` : ""}`;
  }

  // A row is [start in seconds, open, high, low, close, volume], numbers as text.
  function barOf([time, ...texts]) {
    const [open, high, low, close, volume] = texts.map(Number);
    return { time, open, high, low, close, volume, texts };
  }

  // One row of all, which are in order.
  function fold(time, rows) {
    const { parseUnits } = numbers();
    const column = (place) => rows.map((row) => parseUnits(row[place]));
    const high = column(2).reduce((most, each) => (each > most ? each : most));
    const low = column(3).reduce((least, each) => (each < least ? each : least));
    const volume = column(5).reduce((sum, each) => sum + each, 0n);
    return [time, rows[0][1], plain(high), plain(low), rows.at(-1)[4], plain(volume)];
  }

  class Bars {
    // Both in seconds; the stream tells bars of `base`.
    constructor(seconds, base) {
      Object.assign(this, { seconds, base, list: [], parts: new Map(), hasOlder: true });
    }

    get first() {
      return this.list[0] ?? null;
    }

    get last() {
      return this.list.at(-1) ?? null;
    }

    get isFull() {
      return this.list.length >= BARS_MAX;
    }

    startOf(second) {
      return second - (second % this.seconds);
    }

    // The newest page. What is older stays when the two meet; between what does not meet, bars would be missing. `isWhole`: the
    // page has as many as were asked for, so there are others before it.
    renew({ bars, parts = [] }, isWhole) {
      const rows = [...bars];
      this.parts = new Map(parts.map((part) => [part[0], part]));
      if (parts.length) {
        const time = this.startOf(parts[0][0]);
        while (rows.length && rows.at(-1)[0] >= time) rows.pop();
        rows.push(fold(time, parts));
      }
      const meets = rows.length && this.last && this.last.time >= rows[0][0];
      const kept = meets ? this.list.filter(({ time }) => time < rows[0][0]) : [];
      if (!kept.length) this.hasOlder = isWhole;
      this.list = [...kept, ...rows.map(barOf)];
      this.trim();
    }

    // An older page; how many of its bars are new.
    prepend({ bars }, isWhole) {
      const room = BARS_MAX - this.list.length;
      if (room <= 0) return 0;
      const first = this.first?.time ?? Infinity;
      const older = bars.filter(([time]) => time < first);
      const fresh = older.slice(-room);
      this.list = [...fresh.map(barOf), ...this.list];
      this.hasOlder = isWhole || fresh.length < older.length;
      return fresh.length;
    }

    // A bar of the base as it is now. Answers the bar that it changes, whether that is a new one, and whether something may be
    // missing before it (`gap`): bars that were not heard of, or in which nothing was traded. Null for what is too old.
    take(row) {
      const time = this.startOf(row[0]);
      const { last } = this;
      if (last && time < last.time) return null;
      const isNew = !last || time > last.time;
      let gap = Boolean(last) && time > last.time + this.seconds;
      if (this.seconds !== this.base) gap = this.addPart(row, time, isNew) || gap;
      const bar = barOf(this.seconds === this.base ? row : fold(time, [...this.parts.values()]));
      if (isNew) this.list.push(bar);
      else this.list[this.list.length - 1] = bar;
      return { bar, isNew, gap, trimmed: this.trim() };
    }

    // Whether parts before it may be missing.
    addPart(row, time, isNew) {
      if (isNew) this.parts.clear();
      const before = this.parts.size ? Math.max(...this.parts.keys()) : time - this.base;
      this.parts.set(row[0], row);
      if (row[0] < before) this.parts = new Map([...this.parts].sort(([one], [other]) => one - other));
      return row[0] > before + this.base;
    }

    trim() {
      if (this.list.length <= BARS_MAX + SURPLUS_MAX) return false;
      this.list.splice(0, this.list.length - BARS_MAX);
      this.hasOlder = true;
      return true;
    }

    // The bar in which an instant lies, or the last one before it.
    at(second) {
      let [low, high] = [0, this.list.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.list[middle].time <= second) low = middle + 1;
        else high = middle;
      }
      return this.list[low - 1] ?? null;
    }
  }

  // --- Prices under a finger ------------------------------------------------------------------------------------------------

  // The step next to where something was drawn: units of 10^-8, never less than one step.
  function snap(drawn, tick) {
    const units = BigInt(Math.max(0, Math.round(drawn * 1e8)));
    const steps = (units * 2n + tick) / (tick * 2n);
    return (steps > 0n ? steps : 1n) * tick;
  }

  const isOnStep = (units, tick) => units > 0n && units % tick === 0n;

  // How far a price is from another, as text with a sign; empty when there is nothing to compare it with.
  function distance(units, from) {
    const { changeUnits, formatUnits } = numbers();
    return from ? `${formatUnits(changeUnits(units, from), 2, true)} %` : "";
  }

  (globalThis.tredye ||= {}).chartRules = { Bars, BARS_MAX, barOf, fold, plain, snap, isOnStep, distance };
})();
