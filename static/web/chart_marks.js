// What an account has on a chart: its fills by bar, its open orders as lines. Pure.
"use strict";

(() => {
  const FILLS_MAX = 5000;
  const GAP = 6;
  const WORDS = { BUY: ["Bought", "Buy"], SELL: ["Sold", "Sell"] };

  // A fill is [trade, second, side, price, quantity, order]. The newest are kept, each once.
  class Fills {
    constructor() {
      this.known = new Map();
    }

    add(fills) {
      for (const fill of fills) this.known.set(`${fill[0]} ${fill[2]}`, fill);
      if (this.known.size <= FILLS_MAX) return;
      this.known = new Map([...this.known].sort(([, one], [, other]) => one[1] - other[1]).slice(-FILLS_MAX));
    }

    get newest() {
      return [...this.known.values()].reduce((most, [, second]) => Math.max(most, second), 0);
    }

    // Those of the bars that are there, oldest first, with the start of their bar.
    within(bars) {
      if (!bars.first) return [];
      const shown = [...this.known.values()].filter(([, second]) => second >= bars.first.time);
      return shown.sort((one, other) => one[1] - other[1] || one[0] - other[0]).map((fill) => ({ fill, time: bars.at(fill[1]).time }));
    }

    of(time, bars) {
      return this.within(bars).filter((each) => each.time === time).map(({ fill }) => fill);
    }
  }

  // An order has one line for each of its prices. What waits for a trigger is dashed; a trailing one moves by itself.
  function linesOf(order) {
    const lines = [];
    const add = (field, price) => lines.push({
      key: `${order.id} ${field}`, order, field, price, dashed: field === "trigger_price", movable: order.movable.includes(field),
    });
    if (order.trigger_price && order.waiting) add("trigger_price", order.trigger_price);
    if (order.price) add("price", order.price);
    return lines;
  }

  // "sell stop trigger": the side and what of the order the line is.
  function nameOf({ order, field }) {
    const label = order.label.toLowerCase();
    const kind = label !== "stop limit" ? label : field === "trigger_price" ? "stop trigger" : "stop\u2019s limit";
    return `${WORDS[order.side][1].toLowerCase()} ${kind}`;
  }

  // How far to the right each tag stands, so that none covers another; the first ones stand where they like. A spot is
  // {y, width} in pixels; tags are `height` high, and `room` is how far they may reach.
  function leftsOf(spots, height, room) {
    const placed = [];
    for (const { y, width } of spots) {
      const beside = placed.filter((other) => Math.abs(other.y - y) < height).sort((one, other) => one.left - other.left);
      let left = 0;
      for (const other of beside) if (other.left < left + width + GAP && left < other.left + other.width + GAP) left = other.left + other.width + GAP;
      placed.push({ y, width, left: Math.max(0, Math.min(left, room - width)) });
    }
    return placed.map(({ left }) => left);
  }

  // What an amendment is sent with: the numbers as they are to be, and as they were shown, so that only what a person changed is asked for.
  function amendment({ order, field }, price, commandId) {
    const body = new URLSearchParams({ command_id: commandId });
    for (const name of ["quantity", ...order.movable]) {
      body.set(`initial-${name}`, order[name]);
      body.set(name, name === field ? price : order[name]);
    }
    return body;
  }

  (globalThis.tredye ||= {}).chartMarks = { Fills, FILLS_MAX, linesOf, nameOf, leftsOf, amendment, WORDS };
})();
