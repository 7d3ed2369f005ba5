// The buffer: newest wins, whatever the order of arrival, and nothing grows.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../../static/realtime/buffer.js");
const { Buffer } = globalThis.tredye;

const quote = (epoch, sequence, at, bid = "1") => ["BTC-USD", epoch, sequence, at, bid, "2", "1", "1"];
const frame = { sentAt: 1, receivedAt: 2 };

function bufferOf(...quotes) {
  const buffer = new Buffer();
  for (const each of quotes) buffer.quoteCame(each, frame);
  return buffer;
}

test("an older quote never replaces a newer one", () => {
  const buffer = bufferOf(quote(5, 10, 1000, "1.1"), quote(5, 9, 2000, "9"), quote(4, 99, 900, "9"));
  assert.equal(buffer.quotes.get("BTC-USD")[4], "1.1");
  buffer.quoteCame(quote(4, 1, 3000, "1.2"), frame); // another source, later in time
  assert.equal(buffer.quotes.get("BTC-USD")[4], "1.2");
  buffer.quoteCame(quote(6, 1, 3001, "1.3"), frame);
  assert.equal(buffer.quotes.get("BTC-USD")[4], "1.3");
});

test("in whatever order quotes come, the newest is kept", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    let state = seed;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const quotes = Array.from({ length: 40 }, (_, n) => quote(1, n + 1, n + 1)).sort(() => random() - 0.5);
    assert.equal(bufferOf(...quotes).quotes.get("BTC-USD")[2], 40, `seed ${seed}`);
  }
});

test("many quotes between two frames are one change, and the others are counted", () => {
  const buffer = bufferOf(...Array.from({ length: 1000 }, (_, n) => quote(1, n + 1, n + 1)));
  assert.equal(buffer.waiting.counts.conflated, 999);
  assert.deepEqual([...buffer.takeWaiting().quotes], ["BTC-USD"]);
  assert.equal(buffer.takeWaiting().quotes.size, 0);
  assert.ok(buffer.waiting.isEmpty);
});

test("prints are kept once, twenty a symbol, from both sources, and what was dropped is counted", () => {
  const buffer = new Buffer();
  const print = (sequence, source = "FEED") => ["BTC-USD", 1, sequence, sequence, "1", "1", "BUY", source];
  for (let n = 1; n <= 30; n += 1) buffer.printCame(print(n));
  for (const each of [print(30), print(12), print(3, "BOOK")]) buffer.printCame(each);
  const kept = buffer.prints.get("BTC-USD");
  assert.equal(kept.length, 20);
  assert.deepEqual(kept.at(-1), print(3, "BOOK"));
  assert.equal(buffer.last.get("BTC-USD")[2], 30);
  for (let n = 31; n <= 5000; n += 1) buffer.printCame(print(n));
  assert.equal(buffer.takeWaiting().prints.length, 1000);
  assert.equal(buffer.waiting.counts.dropped, 31 + 4970 - 1000);
});

test("bars: the newest of each, and the end of one is told although the next has begun", () => {
  const buffer = new Buffer();
  const bar = (start, sequence, close = "1") => ["BTC-USD", "1m", start, "1", "1", "1", close, "5", sequence];
  for (const each of [bar(0, 1), bar(0, 3, "3"), bar(0, 2, "2"), bar(60000, 1, "4"), bar(0, 9, "9")]) buffer.barCame(each);
  assert.deepEqual([...buffer.takeWaiting().bars.values()].map((each) => [each[2], each[6]]), [[0, "3"], [60000, "4"]]);
  assert.deepEqual(buffer.bars.get("BTC-USD 1m"), bar(60000, 1, "4"));
  for (let n = 2; n <= 1000; n += 1) buffer.barCame(bar(60000 * n, 1));
  assert.equal(buffer.takeWaiting().bars.size, 100);
});

test("what nobody watches is forgotten", () => {
  const buffer = bufferOf(quote(1, 1, 1));
  buffer.printCame(["BTC-USD", 1, 1, 1, "1", "1", "BUY", "FEED"]);
  buffer.depthCame(["BTC-USD", 1, 1, 1, [], []]);
  buffer.stateCame(["BTC-USD", "OPEN", "x"]);
  buffer.barCame(["BTC-USD", "1m", 0, "1", "1", "1", "1", "5", 1]);
  buffer.keepOnly({ symbols: new Set(["BTC-USD"]), depth: new Set(), bars: new Map() });
  assert.deepEqual([buffer.quotes.size, buffer.prints.size, buffer.depths.size, buffer.bars.size], [1, 1, 0, 0]);
  buffer.keepOnly({ symbols: new Set(), depth: new Set(), bars: new Map() });
  for (const part of ["quotes", "prints", "states", "frames", "last", "newest"]) assert.equal(buffer[part].size, 0, part);
});
