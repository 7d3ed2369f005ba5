// The pure parts of the page's scripts, run by node --test (see test_page_rules.py).
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../static/realtime/paint.js");
require("../../static/realtime/stream.js");
require("../../static/realtime/depth.js");
const { numbers, Arrivals, isStale, streamRules, cumulate } = globalThis.tredye;
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

const quote = (epoch, sequence, at, bid = "1") => ["BTC-USD", epoch, sequence, at, bid, "2", "1", "1"];

test("an older quote never replaces a newer one", () => {
  const arrivals = new Arrivals();
  arrivals.take("q", [quote(5, 10, 1000, "1.1")]);
  arrivals.take("q", [quote(5, 9, 2000, "9")]);
  arrivals.take("q", [quote(4, 99, 900, "9")]);
  assert.equal(arrivals.quotes.get("BTC-USD")[4], "1.1");
  arrivals.take("q", [quote(4, 1, 3000, "1.2")]); // another source, later in time
  assert.equal(arrivals.quotes.get("BTC-USD")[4], "1.2");
  arrivals.take("q", [quote(6, 1, 3001, "1.3")]);
  assert.equal(arrivals.quotes.get("BTC-USD")[4], "1.3");
});

test("a price without a quote keeps the server's mark, and is marked when none comes", () => {
  const stale = (more) => isStale({ quote: undefined, at: 10000, marked: false, waitedMs: 0, ...more });
  assert.equal(stale({ marked: true }), true);
  assert.equal(stale({ waitedMs: 3000 }), false);
  assert.equal(stale({ waitedMs: 3001 }), true);
  assert.equal(stale({ quote: quote(1, 1, 8000), marked: true, waitedMs: 60000 }), false);
  assert.equal(stale({ quote: quote(1, 1, 7999) }), true);
});

test("many quotes between two frames are one change", () => {
  const arrivals = new Arrivals();
  for (let n = 1; n <= 1000; n += 1) arrivals.take("q", [quote(1, n, n)]);
  assert.deepEqual([...arrivals.takeChanged().quotes], ["BTC-USD"]);
  assert.equal(arrivals.takeChanged().quotes.size, 0);
});

test("prints are kept once, twenty a symbol, from both sources", () => {
  const arrivals = new Arrivals();
  const print = (sequence, source = "FEED") => ["BTC-USD", 1, sequence, sequence, "1", "1", "BUY", source];
  for (let n = 1; n <= 30; n += 1) arrivals.take("p", [print(n)]);
  arrivals.take("p", [print(30), print(12)]);
  arrivals.take("p", [print(3, "BOOK")]);
  const kept = arrivals.prints.get("BTC-USD");
  assert.equal(kept.length, 20);
  assert.deepEqual(kept.at(-1), print(3, "BOOK"));
  assert.equal(arrivals.last.get("BTC-USD")[2], 30);
  for (let n = 31; n <= 5000; n += 1) arrivals.take("p", [print(n)]);
  assert.ok(arrivals.takeChanged().prints.length <= 1000);
});

test("the backoff grows to its cap with full jitter", () => {
  const { backoffMs, BACKOFF } = streamRules;
  assert.equal(backoffMs(0, 0), 0);
  assert.equal(backoffMs(0, 0.999), 499);
  assert.equal(backoffMs(3, 0.5), 2000);
  for (let attempt = 0; attempt < 2000; attempt += 1) assert.ok(backoffMs(attempt, 0.9999) <= BACKOFF.cap);
});

test("each close code asks for what the table says", () => {
  const after = (code, more = {}) => streamRules.afterClose(code, { attempt: 2, random: 0.5, ...more });
  assert.equal(after(1008).wait, 60000);
  assert.equal(after(1012, { retryMs: 3000 }).wait, 3000);
  assert.equal(after(1012).wait, 1000);
  assert.ok(after(1013).wait >= 5000);
  assert.deepEqual([after(4001).wait, after(4001).withoutTicket], [0, false]);
  assert.equal(after(4001, { ticketRefused: 1 }).withoutTicket, true);
  assert.equal(after(4003).wait, null);
  assert.equal(after(4008).reload, true);
  assert.deepEqual([after(4009).wait, after(4009).reload], [0, true]);
  assert.equal(after(1006).wait, 1000);
});

test("a page with an account says when it gets prices alone", () => {
  const { missingOf } = streamRules;
  assert.equal(missingOf(false, ""), "");
  assert.equal(missingOf(true, "a ticket"), "");
  assert.equal(missingOf(true, ""), "log in again for your orders");
  assert.equal(missingOf(true, null), "your orders follow");
});

test("account events name the fragments that they concern", () => {
  assert.deepEqual(streamRules.concerns("ORDER_FILLED"), ["orders-changed", "balances-changed", "positions-changed"]);
  assert.deepEqual(streamRules.concerns("ORDER_DENIED"), ["orders-changed"]);
  assert.deepEqual(streamRules.concerns("FUNDS_DEPOSITED"), ["balances-changed"]);
  assert.deepEqual(streamRules.concerns("ORDER_FORCE_CANCELED"), streamRules.concerns("ORDER_CANCELED"));
  assert.deepEqual(streamRules.concerns("FUNDS_ADJUSTED"), ["balances-changed"]);
  for (const type of ["ACCOUNT_SUSPENDED", "ACCOUNT_REINSTATED", "ACCOUNT_LIMITS_SET"]) {
    assert.deepEqual(streamRules.concerns(type), ["balances-changed"]);
  }
});

test("the ladder cumulates exactly and scales to the larger side", () => {
  const { bids, asks } = cumulate([["100", "0.1", "0.1"], ["99", "0.2", "0"]], [["101", "0.6", "0.3"]]);
  assert.deepEqual(bids.map(({ total }) => total), [10000000n, 30000000n]);
  assert.deepEqual([...bids, ...asks].map(({ share }) => share), [166, 500, 1000]);
  assert.deepEqual([...bids, ...asks].map(({ byCustomers }) => byCustomers), [1000, 0, 500]);
  assert.deepEqual(cumulate([], []), { bids: [], asks: [] });
});
