// The pure parts of the page's scripts, run by node --test (see test_page_rules.py).
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../../static/realtime/numbers.js");
require("../../../static/realtime/buffer.js");
require("../../../static/realtime/paint.js");
require("../../../static/realtime/account.js");
require("../../../static/realtime/chip.js");
require("../../../static/realtime/depth.js");
require("../../../static/orders/switch.js");
const { numbers, paintRules, accountRules, chipRules, cumulate, switchRules } = globalThis.tredye;
const { parseUnits, formatUnits, midUnits, pnlUnits, changeUnits, directionOf, ageText } = numbers;

test("numbers are read exactly or not at all", () => {
  assert.equal(parseUnits("0.00000001"), 1n);
  assert.equal(parseUnits("123456789012.12345678"), 12345678901212345678n);
  assert.equal(parseUnits("-1.5"), -150000000n);
  for (const bad of ["", "1e3", "1,000", " 1", "1.", ".5", "NaN", "1.123456789", "１", undefined, null]) {
    assert.equal(parseUnits(bad), null, String(bad));
  }
});

test("numbers are shown with separators, places and a true minus, rounded half to even", () => {
  assert.equal(formatUnits(parseUnits("1234567.891"), 2), "1,234,567.89");
  assert.equal(formatUnits(parseUnits("0.5"), 0), "0");
  assert.equal(formatUnits(parseUnits("1.5"), 0), "2");
  assert.equal(formatUnits(parseUnits("2.5"), 0), "2");
  assert.equal(formatUnits(parseUnits("-2.345"), 2), "\u22122.34");
  assert.equal(formatUnits(parseUnits("-0.001"), 2), "0.00");
  assert.equal(formatUnits(parseUnits("0.001"), 2, true), "0.00");
  assert.equal(formatUnits(parseUnits("12"), 2, true), "+12.00");
  assert.equal(formatUnits(parseUnits("999.999"), 2), "1,000.00");
  assert.equal(formatUnits(null, 2), "\u2013");
  assert.equal(formatUnits(parseUnits("0.1"), 8), "0.10000000");
});

test("profit and loss is exact where floats are not", () => {
  const mark = midUnits(parseUnits("0.1"), parseUnits("0.3"));
  assert.equal(formatUnits(pnlUnits(parseUnits("3"), parseUnits("0.6"), mark), 8), "0.00000000");
  const big = pnlUnits(parseUnits("123456.789"), parseUnits("1000000000.01"), parseUnits("98765.4321"));
  assert.equal(formatUnits(big, 8), "11,193,263,111.25352690");
});

test("changes are in percent of the reference", () => {
  assert.equal(formatUnits(changeUnits(parseUnits("101"), parseUnits("100")), 2, true), "+1.00");
  assert.equal(changeUnits(parseUnits("101"), 0n), null);
  assert.deepEqual([1n, 0n, -1n, null].map(directionOf), ["up", "flat", "down", "flat"]);
});

test("ages are short words", () => {
  assert.deepEqual([-5, 0, 59999, 60000, 3600000].map(ageText), ["0 s", "0 s", "59 s", "1 min", "1 h"]);
});

test("a price without a quote keeps the server's mark, and is marked when none comes", () => {
  const quote = (at) => ["BTC-USD", 1, 1, at, "1", "2", "1", "1"];
  const stale = (more) => paintRules.isStale({ quote: undefined, at: 10000, marked: false, waitedMs: 0, ...more });
  assert.equal(stale({ marked: true }), true);
  assert.equal(stale({ waitedMs: 3000 }), false);
  assert.equal(stale({ waitedMs: 3001 }), true);
  assert.equal(stale({ quote: quote(8000), marked: true, waitedMs: 60000 }), false);
  assert.equal(stale({ quote: quote(7999) }), true);
  assert.equal(stale({ quote: quote(7999), afterMs: 5000 }), false);
});

test("what the server rendered gives way to what is newer, and to nothing else", () => {
  const base = [null, 7, 20, 5000];
  const quote = (epoch, sequence, at) => ["BTC-USD", epoch, sequence, at];
  for (const older of [quote(7, 19, 6000), quote(7, 20, 5000), quote(6, 99, 4999)]) assert.equal(paintRules.newer(older, base), base);
  for (const newer of [quote(7, 21, 5001), quote(8, 1, 5001), quote(6, 99, 5001)]) assert.equal(paintRules.newer(newer, base), newer);
  assert.equal(paintRules.newer(undefined, base), undefined);
});

test("account events name the fragments that they concern", () => {
  assert.deepEqual(accountRules.concerns("ORDER_FILLED"), ["orders-changed", "balances-changed", "positions-changed"]);
  assert.deepEqual(accountRules.concerns("ORDER_DENIED"), ["orders-changed"]);
  assert.deepEqual(accountRules.concerns("FUNDS_DEPOSITED"), ["balances-changed"]);
  assert.deepEqual(accountRules.concerns("ORDER_FORCE_CANCELED"), accountRules.concerns("ORDER_CANCELED"));
  assert.deepEqual(accountRules.concerns("FUNDS_ADJUSTED"), ["balances-changed"]);
  assert.deepEqual(accountRules.concerns("DEAD_MANS_SWITCH_FIRED"), ["balances-changed", "switch-changed"]);
  for (const type of ["ACCOUNT_SUSPENDED", "ACCOUNT_REINSTATED", "ACCOUNT_LIMITS_SET"]) {
    assert.deepEqual(accountRules.concerns(type), ["balances-changed"]);
  }
});

test("a fragment listens to what its trigger names", () => {
  assert.deepEqual(accountRules.namesIn("orders-changed from:body"), ["orders-changed"]);
  assert.deepEqual(accountRules.namesIn("load, balances-changed from:body, positions-changed from:body"), ["balances-changed", "positions-changed"]);
  assert.deepEqual(accountRules.namesIn("positions-changed from:body, balances-changed from:body, every 1s").length, 2);
  assert.deepEqual(accountRules.namesIn("state-changed"), []);
  assert.deepEqual(accountRules.namesIn(null), []);
});

test("a fragment never goes back", () => {
  const { mayReplace } = accountRules;
  assert.deepEqual([mayReplace(5, 4), mayReplace(5, 5), mayReplace(5, 6), mayReplace(null, 1), mayReplace(5, null)], [false, true, true, true, true]);
});

test("a fragment that lags is fetched again five times, ever later, and then it is said", () => {
  const healing = new accountRules.Healing();
  const judge = (now, shown = 3) => healing.judge("#orders", { shown, needed: 5, now });
  assert.equal(judge(0), "wait"); // the event's own fetch is under way
  const asked = [];
  let verdict = "wait";
  for (let now = 0; now <= 60000 && verdict !== "lost"; now += 100) {
    verdict = judge(now);
    if (verdict === "again") asked.push(now);
  }
  assert.deepEqual(asked, [500, 1500, 3500, 7500, 15500]);
  assert.equal(verdict, "lost");
  assert.equal(judge(70000, 5), "ok");
  assert.equal(judge(70001, 5), "ok");
});

test("a fragment that comes closer gets its tries anew, and one without a sequence is never judged", () => {
  const healing = new accountRules.Healing();
  for (let now = 0; now < 60000; now += 100) healing.judge("#orders", { shown: 3, needed: 9, now });
  assert.equal(healing.judge("#orders", { shown: 3, needed: 9, now: 60000 }), "lost");
  assert.equal(healing.judge("#orders", { shown: 4, needed: 9, now: 60001 }), "wait");
  assert.equal(healing.judge("#orders", { shown: 4, needed: 9, now: 60501 }), "again");
  assert.equal(healing.judge("#other", { shown: null, needed: 9, now: 0 }), "ok");
  healing.keepOnly(new Set());
  assert.equal(healing.known.size, 0);
});

test("the chip says what the page gets, and the banner what that means once it lasts", () => {
  const clock = () => "12:00:00";
  const state = (name, more = {}) => ({ name, text: "", since: 1000, missing: "", ...more });
  const chip = (...of) => chipRules.chipText(state(...of), clock);
  assert.equal(chip("live"), "Live");
  assert.equal(chip("live", { missing: "your orders follow" }), "Live, your orders follow");
  assert.equal(chip("polling"), "Prices every 2 s");
  assert.equal(chip("stale"), "Prices stale since 12:00:00");
  assert.equal(chip("reconnecting", { text: "too many connections" }), "Reconnecting: too many connections since 12:00:00");
  assert.equal(chip("off"), "Not live");
  const banner = (now, ...of) => chipRules.bannerText(state(...of), now, clock);
  assert.equal(banner(4000, "stale"), "");
  assert.equal(banner(4001, "stale"), "Prices stale since 12:00:00. What you see may be old.");
  assert.match(banner(4001, "polling"), /^Live prices are away since 12:00:00\. Bid and ask are asked for every 2 seconds; trades/);
  assert.match(banner(4001, "polling", { missing: "your orders follow" }), /Your orders follow when the stream is back\.$/);
  assert.equal(banner(60000, "live"), "");
});

test("the ladder cumulates exactly and scales to the larger side", () => {
  const { bids, asks } = cumulate([["100", "0.1", "0.1"], ["99", "0.2", "0"]], [["101", "0.6", "0.3"]]);
  assert.deepEqual(bids.map(({ total }) => total), [10000000n, 30000000n]);
  assert.deepEqual([...bids, ...asks].map(({ share }) => share), [166, 500, 1000]);
  assert.deepEqual([...bids, ...asks].map(({ byCustomers }) => byCustomers), [1000, 0, 500]);
  assert.deepEqual(bids.map(({ cost }) => cost), [parseUnits("10"), parseUnits("29.8")]);
  assert.deepEqual(cumulate([], []), { bids: [], asks: [] });
});

test("a page renews the switch when half of its time is over, in front, and not twice at once", () => {
  const { renewsNow } = switchRules;
  const due = { leftMs: 150000, beforeS: 150, hidden: false, sinceMs: 5000 };
  assert.equal(renewsNow(due), true);
  assert.equal(renewsNow({ ...due, leftMs: 150001 }), false);
  assert.equal(renewsNow({ ...due, hidden: true }), false);
  assert.equal(renewsNow({ ...due, sinceMs: 1999 }), false);
  assert.equal(renewsNow({ ...due, beforeS: 0 }), false);
});

test("the countdown is told in minutes and seconds", () => {
  assert.equal(switchRules.leftText(252), ", in 4 min 12 s");
  assert.equal(switchRules.leftText(61), ", in 1 min 01 s");
  assert.equal(switchRules.leftText(59), ", in 59 s");
  assert.equal(switchRules.leftText(0), ", which is now");
});
