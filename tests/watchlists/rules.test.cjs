// Where a dragged row belongs, and what the palette's keys choose, run by node --test (see test_rules.py).
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../static/watchlists/arrange.js");
require("../../static/watchlists/tabs.js");
require("../../static/web/palette.js");
const { belongsBefore, oneOn } = globalThis.tredye.arrangeRules;
const { tabRules } = globalThis.tredye;
const { chosenAfter, onEnter } = globalThis.tredye.paletteRules;

const ROWS = [{ symbol: "A", middle: 10 }, { symbol: "B", middle: 30 }, { symbol: "C", middle: 50 }];

test("a row that is held belongs before the first one whose middle is below it", () => {
  assert.equal(belongsBefore(ROWS, -5), "A");
  assert.equal(belongsBefore(ROWS, 9.9), "A");
  assert.equal(belongsBefore(ROWS, 10), "B");
  assert.equal(belongsBefore(ROWS, 49), "C");
  assert.equal(belongsBefore(ROWS, 51), "", "the end");
  assert.equal(belongsBefore([], 0), "");
});

test("a row goes one on where there is one", () => {
  const symbols = ["A", "B", "C"];
  assert.equal(oneOn(symbols, "B", -1), "A");
  assert.equal(oneOn(symbols, "A", 1), "C");
  assert.equal(oneOn(symbols, "B", 1), "", "the end");
  assert.equal(oneOn(symbols, "A", -1), null);
  assert.equal(oneOn(symbols, "C", 1), null);
  assert.equal(oneOn(symbols, "X", 1), null);
});

test("a tab that is held belongs before the first one whose middle is right of it", () => {
  const others = [{ id: "1", middle: 10 }, { id: "2", middle: 30 }];
  assert.equal(tabRules.belongsBefore(others, 5), "1");
  assert.equal(tabRules.belongsBefore(others, 10), "2");
  assert.equal(tabRules.belongsBefore(others, 31), "", "the end");
});

test("arrow keys go round what was found", () => {
  assert.equal(chosenAfter("ArrowDown", 0, 3), 1);
  assert.equal(chosenAfter("ArrowDown", 2, 3), 0);
  assert.equal(chosenAfter("ArrowUp", 0, 3), 2);
  assert.equal(chosenAfter("ArrowUp", -1, 0), -1, "nothing was found");
  assert.equal(chosenAfter("x", 7, 3), 2, "fewer than before");
});

test("Enter opens what was found for the text that is there, and waits for it otherwise", () => {
  assert.equal(onEnter({ typed: "btc", foundFor: "btc", count: 2 }), "open");
  assert.equal(onEnter({ typed: "  btc  usd ", foundFor: "btc usd", count: 1 }), "open", "the server sees one space as well");
  assert.equal(onEnter({ typed: "btc", foundFor: "bt", count: 2 }), "wait");
  assert.equal(onEnter({ typed: "btc", foundFor: null, count: 0 }), "wait", "the first answer is under way");
  assert.equal(onEnter({ typed: "zzz", foundFor: "zzz", count: 0 }), "nothing");
});
