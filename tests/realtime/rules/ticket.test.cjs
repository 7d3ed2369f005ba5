// The ticket's arithmetic: steps on the grid, and sizes of what is available.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../../static/realtime/numbers.js");
require("../../../static/web/ticket_keys.js");
const { numbers, ticketRules } = globalThis.tredye;
const { parseUnits } = numbers;
const { plainUnits, stepped, sizeOf } = ticketRules;
const step = (value, size, count) => plainUnits(stepped(value === null ? null : parseUnits(value), parseUnits(size), BigInt(count)));

test("a field gets plain digits", () => {
  for (const text of ["0.00000001", "1", "10", "123456789012.12345678", "0.5", "1000"]) assert.equal(plainUnits(parseUnits(text)), text);
});

test("an arrow steps on the grid, from off it to the next of it, and never to nothing", () => {
  assert.equal(step("1", "0.01", 1), "1.01");
  assert.equal(step("1", "0.01", -1), "0.99");
  assert.equal(step("1", "0.01", 10), "1.1");
  assert.equal(step("1.005", "0.01", 1), "1.01");
  assert.equal(step("1.005", "0.01", -1), "1");
  assert.equal(step("0.01", "0.01", -1), "0.01");
  assert.equal(step("0.05", "0.01", -10), "0.01");
  assert.equal(step(null, "0.25", 1), "0.25");
});

const MEANS = {
  side: "BUY", price: parseUnits("100"), availableQuote: parseUnits("1000"), availableBase: parseUnits("7.7777"), feePpm: 2000n,
  lot: parseUnits("0.001"), maxQuantity: parseUnits("1000"), maxNotional: parseUnits("1000000"),
};
const size = (part, changes = {}) => {
  const found = sizeOf(part, { ...MEANS, ...changes });
  return found === null ? null : plainUnits(found);
};

test("all of the money buys what it pays for with its fee, and not a lot more", () => {
  assert.equal(size("100"), "9.98"); // 998 and a fee of 1.996
  assert.equal(size("50"), "4.99");
  for (const [price, available] of [["0.01", "0.05"], ["3.33", "17.77"], ["64210.5", "100000"], ["101", "1"]]) {
    const means = { price: parseUnits(price), availableQuote: parseUnits(available) };
    const bought = sizeOf("100", { ...MEANS, ...means });
    const cost = (lots) => {
      const value = (means.price * lots) / 10n ** 8n;
      return value + (value * 2000n + 999999n) / 1000000n;
    };
    assert.ok(cost(bought) <= means.availableQuote, `${price} of ${available}`);
    if (bought < MEANS.maxQuantity) assert.ok(cost(bought + MEANS.lot) > means.availableQuote - 2n, `${price} of ${available}`);
  }
});

test("a sale is of what there is, in whole lots, and no order is larger than one may be", () => {
  assert.equal(size("100", { side: "SELL" }), "7.777");
  assert.equal(size("25", { side: "SELL" }), "1.944");
  assert.equal(size("100", { side: "SELL", price: null }), "7.777");
  assert.equal(size("100", { maxQuantity: parseUnits("2.5") }), "2.5");
  assert.equal(size("100", { maxNotional: parseUnits("150") }), "1.5");
  assert.equal(size("100", { availableQuote: 0n }), "0");
  assert.equal(size("100", { price: null }), null);
});
