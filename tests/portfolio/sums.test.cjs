// What the portfolio shows while prices move: each row and each sum to the digit that the server would show.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../static/realtime/numbers.js");
const { parseUnits, formatUnits, midUnits, pnlUnits, sumUnits, directionOf } = globalThis.tredye.numbers;

// What the server says of the same positions; test_browser_sums.py asks it.
const PORTFOLIOS = JSON.parse(process.env.PORTFOLIOS ?? "[]");

function holding({ quantity, bid, ask }, cost) {
  return pnlUnits(parseUnits(quantity), cost === null ? 0n : parseUnits(cost), midUnits(parseUnits(bid), parseUnits(ask)));
}

test("rows and sums are the server's", () => {
  assert.ok(PORTFOLIOS.length >= 50);
  for (const { rows, bases, sums } of PORTFOLIOS) {
    for (const row of rows) {
      assert.equal(formatUnits(holding(row, null), 8), row.value, JSON.stringify(row));
      assert.equal(formatUnits(holding(row, row.cost), 8, true), row.pnl, JSON.stringify(row));
      assert.equal(formatUnits(holding(row, row.today_cost), 2, true), row.today, JSON.stringify(row));
    }
    for (const [field, costOf] of [["value", () => null], ["pnl", (row) => row.cost], ["today", (row) => row.today_cost]]) {
      const sum = sumUnits(parseUnits(bases[field]), rows.map((row) => holding(row, costOf(row))));
      assert.equal(formatUnits(sum, 2, field !== "value"), sums[field], field);
    }
  }
});

test("a sum of which a row is not known is not told", () => {
  assert.equal(sumUnits(5n, [1n, undefined]), null);
  assert.equal(sumUnits(5n, [1n, null]), null);
  assert.equal(sumUnits(5n, []), null);
  assert.equal(sumUnits(null, [1n]), null);
  assert.equal(sumUnits(-5n, [1n, 3n]), -1n);
});

test("what was earned today has a direction, also of a position that is flat", () => {
  const flat = pnlUnits(0n, parseUnits("-39.52"), parseUnits("120"));
  assert.equal(formatUnits(flat, 2, true), "+39.52");
  assert.equal(directionOf(flat), "up");
  assert.equal(directionOf(pnlUnits(parseUnits("1"), parseUnits("100"), parseUnits("99.5"))), "down");
});

test("huge and tiny numbers keep every digit", () => {
  const value = pnlUnits(parseUnits("999999999999.99999999"), 0n, parseUnits("999999.99999999"));
  assert.equal(formatUnits(value, 8), "999,999,999,999,989,999.99000000");
  assert.equal(formatUnits(pnlUnits(1n, 0n, 1n), 8), "0.00000000");
});
