// What a chart holds and computes, run by node --test (see test_page_rules.py).
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../../static/realtime/numbers.js");
for (const name of ["bars", "time", "marks"]) require(`../../../static/web/chart_${name}.js`);
const { chartRules, chartTime, chartMarks, numbers } = globalThis.tredye;
const { Bars, BARS_MAX, fold, plain, snap, isOnStep, distance } = chartRules;
const { Clock, weightsOf, weightOf } = chartTime;
const { Fills, FILLS_MAX, linesOf, nameOf, leftsOf, amendment } = chartMarks;

const row = (time, close = "10", volume = "1") => [time, "10", "12", "9", close, volume];
const rows = (from, count, step) => Array.from({ length: count }, (_, place) => row(from + place * step));
const times = (bars) => bars.list.map(({ time }) => time);

test("a plain text is what was read", () => {
  for (const text of ["0", "1", "0.5", "123456789012.12345678", "-2.25", "100"]) assert.equal(plain(numbers.parseUnits(text)), text);
  assert.equal(plain(numbers.parseUnits("1.50")), "1.5");
});

test("a bar is folded exactly where floats are not", () => {
  const parts = [[0, "0.1", "0.3", "0.1", "0.2", "0.1"], [5, "0.2", "0.7", "0.05", "0.6", "0.2"]];
  assert.deepEqual(fold(0, parts), [0, "0.1", "0.7", "0.05", "0.6", "0.3"]);
});

test("pages of the past join without a hole and without a repeat", () => {
  const bars = new Bars(60, 60);
  bars.renew({ bars: rows(600, 3, 60) }, true);
  assert.equal(bars.prepend({ bars: rows(480, 3, 60) }, true), 2); // the third was there
  assert.deepEqual(times(bars), [480, 540, 600, 660, 720]);
  assert.equal(bars.hasOlder, true);
  assert.equal(bars.prepend({ bars: [] }, false), 0);
  assert.equal(bars.hasOlder, false);
});

test("what is loaded anew keeps the past that it meets, and drops what it does not", () => {
  const bars = new Bars(60, 60);
  bars.renew({ bars: rows(0, 10, 60) }, false);
  bars.renew({ bars: [row(480, "11"), row(540, "12"), row(600)] }, true);
  assert.deepEqual(times(bars), Array.from({ length: 11 }, (_, place) => place * 60));
  assert.equal(bars.at(540).texts[3], "12");
  assert.equal(bars.hasOlder, false); // the beginning is still there
  bars.renew({ bars: rows(6000, 3, 60) }, true);
  assert.deepEqual(times(bars), [6000, 6060, 6120]);
  assert.equal(bars.hasOlder, true);
});

test("a running bar is replaced, the next one follows, an old one is passed over", () => {
  const bars = new Bars(60, 60);
  bars.renew({ bars: rows(0, 2, 60) }, false);
  assert.deepEqual([bars.take(row(60, "11")).isNew, bars.last.texts[3]], [false, "11"]);
  const next = bars.take(row(120));
  assert.deepEqual([next.isNew, next.gap], [true, false]);
  assert.equal(bars.take(row(60)), null);
  assert.equal(bars.take(row(300)).gap, true);
  assert.deepEqual(times(bars), [0, 60, 120, 300]);
});

test("a made bar is folded anew from each part, whole or in order of coming", () => {
  const bars = new Bars(900, 300);
  const parts = [[900, "10", "11", "9", "10.5", "2"], [1200, "10.5", "13", "10", "12", "3"]];
  bars.renew({ bars: [row(0), row(900)], parts }, false);
  assert.deepEqual(bars.last.texts, ["10", "13", "9", "12", "5"]);
  bars.take([1200, "10.5", "14", "10", "13", "4"]); // the part as it is now takes the place of the one before
  assert.deepEqual(bars.last.texts, ["10", "14", "9", "13", "6"]);
  assert.equal(bars.take([1500, "13", "13", "8", "8.5", "1"]).gap, false);
  assert.deepEqual(bars.last.texts, ["10", "14", "8", "8.5", "7"]);
  bars.take([1200, "10.5", "15", "10", "13", "5"]); // the end of a part after the first of the next
  assert.deepEqual(bars.last.texts, ["10", "15", "8", "8.5", "8"]);
  const next = bars.take([1800, "9", "9", "9", "9", "1"]);
  assert.deepEqual([next.isNew, next.gap, next.bar.texts], [true, false, ["9", "9", "9", "9", "1"]]);
});

test("a made bar whose first parts were not heard of says so", () => {
  const bars = new Bars(900, 300);
  bars.renew({ bars: [row(0)], parts: [row(0), row(300), row(600)] }, false);
  assert.equal(bars.take(row(1200)).gap, true);
  assert.equal(bars.take(row(1500)).gap, false);
  assert.equal(new Bars(900, 300).take(row(300)).gap, true);
  assert.equal(new Bars(900, 300).take(row(900)).gap, false);
});

test("memory is bounded, and what was let go may be asked for again", () => {
  const bars = new Bars(1, 1);
  bars.renew({ bars: rows(0, 500, 1) }, false);
  for (let second = 500; second < BARS_MAX + 1500; second += 1) bars.take(row(second));
  assert.ok(bars.list.length <= BARS_MAX + 500);
  assert.equal(bars.last.time, BARS_MAX + 1499);
  assert.equal(bars.hasOlder, true);
});

test("the past is loaded up to the bound and no further", () => {
  const bars = new Bars(1, 1);
  bars.renew({ bars: rows(1e6, 500, 1) }, true);
  while (!bars.isFull) bars.prepend({ bars: rows(bars.first.time - 700, 700, 1) }, true);
  assert.equal(bars.list.length, BARS_MAX);
  assert.equal(bars.last.time, 1e6 + 499);
  assert.deepEqual(times(bars), Array.from({ length: BARS_MAX }, (_, place) => 1e6 + 500 - BARS_MAX + place));
  assert.equal(bars.prepend({ bars: rows(0, 5, 1) }, false), 0);
  assert.equal(bars.hasOlder, true); // there are, they are only not held
});

test("the bar of an instant is the one in which it lies", () => {
  const bars = new Bars(60, 60);
  bars.renew({ bars: [row(60), row(120), row(300)] }, false);
  assert.deepEqual([59, 60, 119, 120, 299, 300, 999].map((second) => bars.at(second)?.time), [undefined, 60, 60, 120, 120, 300, 300]);
});

test("a price under a finger is on a step", () => {
  const tick = numbers.parseUnits("0.05");
  assert.equal(plain(snap(101.2249, tick)), "101.2");
  assert.equal(plain(snap(101.225, tick)), "101.25");
  assert.equal(plain(snap(0.001, tick)), "0.05");
  assert.equal(plain(snap(-3, tick)), "0.05");
  assert.equal(plain(snap(0.00000012, 1n)), "0.00000012");
  assert.equal(plain(snap(68123.456789, numbers.parseUnits("0.01"))), "68123.46");
  for (let place = 0; place < 500; place += 1) assert.ok(isOnStep(snap(place * 0.777, tick), tick));
  assert.equal(isOnStep(numbers.parseUnits("0.07"), tick), false);
  assert.equal(isOnStep(0n, tick), false);
});

test("a distance has its sign, and none where there is nothing to compare with", () => {
  assert.equal(distance(numbers.parseUnits("99"), numbers.parseUnits("100")), "\u22121.00 %");
  assert.equal(distance(numbers.parseUnits("100.5"), numbers.parseUnits("100")), "+0.50 %");
  assert.equal(distance(1n, null), "");
});

test("times are the reader's, also where the clocks change", () => {
  const at = (text) => Date.parse(text) / 1000;
  assert.equal(new Clock("UTC").stamp(at("2026-11-22T14:05:30Z"), 60), "22 Nov 2026 14:05");
  assert.equal(new Clock("Asia/Kolkata").stamp(at("2026-11-22T20:05:30Z"), 1), "23 Nov 2026 01:35:30");
  assert.equal(new Clock("America/New_York").time(at("2026-11-01T05:30:00Z"), false), "01:30");
  assert.equal(new Clock("America/New_York").time(at("2026-11-01T06:30:00Z"), false), "01:30"); // the same again, an hour later
  assert.equal(new Clock("Australia/Lord_Howe").time(at("2026-10-03T15:29:00Z"), false), "01:59");
  assert.equal(new Clock("Australia/Lord_Howe").time(at("2026-10-03T15:30:00Z"), false), "02:30");
  assert.equal(new Clock("UTC").stamp(at("2026-11-22T00:00:00Z"), 86400), "22 Nov 2026");
});

test("the marks of the axis stand at the reader's own midnights and hours", () => {
  const clock = new Clock("Asia/Kolkata"); // half an hour beside UTC's
  const midnight = Date.parse("2026-11-21T18:30:00Z") / 1000;
  const seconds = Array.from({ length: 4 }, (_, place) => midnight - 1800 + place * 1800);
  assert.deepEqual(weightsOf(seconds, 1, clock), [50, 22, 30]);
  assert.equal(weightsOf([midnight], 0, clock).length, 1);
  assert.deepEqual([clock.mark(midnight, 2), clock.mark(midnight, 3), clock.mark(midnight, 4)], ["22", "00:00", "00:00:00"]);
  assert.equal(weightOf(7200, 7199), 30);
  assert.equal(weightOf(86400 * 365, 86400 * 365 - 1), 70);
});

test("ten thousand instants ask the browser for little", () => {
  const clock = new Clock("America/New_York");
  let asked = 0;
  const ask = clock.ask.bind(clock);
  clock.ask = (second) => {
    asked += 1;
    return ask(second);
  };
  const from = Date.parse("2026-01-01T00:00:00Z") / 1000;
  for (let hour = 0; hour < 10000; hour += 1) clock.offset(from + hour * 3600);
  assert.ok(asked < 600, String(asked));
  assert.equal(clock.offset(from), -5 * 3600);
});

const fill = (trade, second, side = "BUY") => [trade, second, side, "10", "1", 7];

test("a fill is marked once, in its bar", () => {
  const bars = new Bars(60, 60);
  bars.renew({ bars: [row(60), row(120), row(300)] }, false);
  const fills = new Fills();
  fills.add([fill(2, 130), fill(1, 61), fill(3, 10)]);
  fills.add([fill(2, 130)]);
  assert.deepEqual(fills.within(bars).map(({ fill: [trade], time }) => [trade, time]), [[1, 60], [2, 120]]);
  assert.deepEqual(fills.of(120, bars).map(([trade]) => trade), [2]);
  assert.equal(fills.newest, 130);
  fills.add([fill(2, 130, "SELL")]); // both sides of a trade may be one's own
  assert.equal(fills.of(120, bars).length, 2);
  fills.add(Array.from({ length: FILLS_MAX + 10 }, (_, place) => fill(100 + place, 1000 + place)));
  assert.equal(fills.known.size, FILLS_MAX);
});

const order = (more) => ({
  id: 5, side: "SELL", label: "Limit", price: "10", trigger_price: "", quantity: "2", waiting: false, movable: ["price"], ...more,
});

test("an order has a line for each of its prices", () => {
  assert.deepEqual(linesOf(order({})).map(({ field, dashed, movable }) => [field, dashed, movable]), [["price", false, true]]);
  const stop = order({ label: "Stop limit", trigger_price: "11", waiting: true, movable: ["price", "trigger_price"] });
  assert.deepEqual(linesOf(stop).map(({ field, dashed }) => [field, dashed]), [["trigger_price", true], ["price", false]]);
  assert.deepEqual(linesOf(stop).map(nameOf), ["sell stop trigger", "sell stop\u2019s limit"]);
  assert.deepEqual(linesOf({ ...stop, waiting: false }).length, 1);
  const trailing = order({ label: "Trailing stop", price: "", trigger_price: "9", waiting: true, movable: [] });
  assert.deepEqual(linesOf(trailing).map((line) => [nameOf(line), line.movable]), [["sell trailing stop", false]]);
});

test("tags that would cover each other stand side by side", () => {
  const spots = (...heights) => heights.map((y) => ({ y, width: 100 }));
  assert.deepEqual(leftsOf(spots(100, 200, 300), 24, 500), [0, 0, 0]);
  assert.deepEqual(leftsOf(spots(100, 105, 110, 130), 24, 500), [0, 106, 212, 0]);
  assert.deepEqual(leftsOf(spots(110, 100), 24, 500), [0, 106]); // the first stands where it likes
  assert.deepEqual(leftsOf(spots(100, 101, 102), 24, 250), [0, 106, 150]); // and none outside the chart
});

test("an amendment asks for what was changed and says what was shown", () => {
  const stop = order({ label: "Stop limit", trigger_price: "11", waiting: true, movable: ["price", "trigger_price"] });
  const body = Object.fromEntries(amendment(linesOf(stop)[0], "11.5", "id-1"));
  assert.deepEqual(body, {
    command_id: "id-1", quantity: "2", "initial-quantity": "2", price: "10", "initial-price": "10", trigger_price: "11.5",
    "initial-trigger_price": "11",
  });
});
