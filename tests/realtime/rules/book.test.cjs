// The books: the checksum is zlib's, deltas lead where a model leads, and what does not fit is not shown but asked for.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const zlib = require("node:zlib");
require("../../../static/realtime/book.js");
const { Books, crc32, checksum, changeSide } = globalThis.tredye;

// What Python's zlib.crc32 says; test_page_rules.py asks it.
const VECTORS = JSON.parse(process.env.CRC_VECTORS ?? "{}");

test("the checksum is that of zlib", () => {
  assert.equal(crc32(""), 0);
  assert.equal(crc32("123456789"), 0xcbf43926);
  assert.ok(Object.keys(VECTORS).length >= 20);
  for (const [text, value] of Object.entries(VECTORS)) assert.equal(crc32(text), value, text);
  if (zlib.crc32) assert.equal(crc32("100:1:0|101:2:0"), zlib.crc32("100:1:0|101:2:0"));
  assert.equal(checksum([["100", "1", "0"]], [["101", "2", "0.5"]]), crc32("100:1:0|101:2:0.5"));
  assert.equal(checksum([], []), 0);
});

function randomOf(seed) {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

// The model: a price is a whole number of cents, a side a Map, a book what the ten best of each side are.
const written = (cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`.replace(/\.?0+$/, "");
function tenBest(side, best) {
  return [...side].sort(([one], [other]) => (best === 1 ? other - one : one - other)).slice(0, 10).map(([cents, [quantity, own]]) => [written(cents), quantity, own]);
}
function deltaOf(before, after) {
  const [old, now] = [before, after].map((levels) => new Map(levels.map((level) => [level[0], level])));
  const gone = [...old.keys()].filter((price) => !now.has(price)).map((price) => [price, "0", "0"]);
  return [...gone, ...[...now.values()].filter((level) => String(old.get(level[0])) !== String(level))];
}

test("after each delta the book is the model's", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = randomOf(seed);
    const sides = [new Map(), new Map()];
    const books = new Books(() => assert.fail("nothing was wrong"), () => 0);
    const ten = () => [tenBest(sides[0], 1), tenBest(sides[1], -1)];
    let shown = ten();
    books.snapshot(["S", 1, 0, 0, checksum(...shown), ...shown]);
    for (let sequence = 1; sequence <= 60; sequence += 1) {
      for (let change = random(6); change >= 0; change -= 1) {
        const which = random(2);
        const cents = which === 0 ? 9000 + random(30) : 9040 + random(30);
        if (random(3) === 0) sides[which].delete(cents);
        else sides[which].set(cents, [String(1 + random(50)), String(random(2))]);
      }
      const next = ten();
      const changes = [deltaOf(shown[0], next[0]), deltaOf(shown[1], next[1])];
      const book = books.delta(["S", 1, sequence - 1, sequence, sequence, checksum(...next), ...changes]);
      assert.deepEqual(book?.slice(4), next, `seed ${seed}, step ${sequence}`);
      shown = next;
    }
  }
});

test("prices are compared as numbers, not as texts", () => {
  const side = changeSide([["100.5", "1", "0"]], [["100.50", "0", "0"], ["99", "2", "0"], ["1000", "3", "0"]], 1);
  assert.deepEqual(side.map(([price]) => price), ["1000", "99"]);
  assert.deepEqual(changeSide([], [["1000", "1", "0"], ["99.9", "1", "0"]], -1).map(([price]) => price), ["99.9", "1000"]);
});

function watched() {
  const asked = [];
  let now = 0;
  const books = new Books((symbol, why) => asked.push([symbol, why]), () => now);
  const bids = [["100", "1", "0"]];
  const snapshot = (sequence) => ["S", 7, sequence, 0, checksum(bids, []), bids, []];
  const delta = (base, more = {}) => {
    const [next, crc] = [[["99", "2", "0"]], checksum([...bids, ["99", "2", "0"]], [])];
    return ["S", more.epoch ?? 7, base, base + 1, 1, more.crc ?? crc, next, []];
  };
  return { asked, books, snapshot, delta, wait: (ms) => { now += ms; books.look(); } };
}

test("a delta on anything but exactly its base is a gap", () => {
  for (const more of [{ base: 3 }, { base: 5 }, { base: 4, epoch: 8 }]) {
    const { asked, books, snapshot, delta } = watched();
    books.snapshot(snapshot(4));
    assert.equal(books.delta(delta(more.base, more)), null);
    assert.deepEqual(asked, [["S", "gap"]]);
    assert.equal(books.counts.gap, 1);
  }
  const { asked, books, delta } = watched();
  assert.equal(books.delta(delta(4)), null); // never heard of
  assert.deepEqual(asked, [["S", "gap"]]);
});

test("a wrong checksum is counted, asked about once, and healed by the snapshot", () => {
  const { asked, books, snapshot, delta } = watched();
  books.snapshot(snapshot(4));
  assert.equal(books.delta(delta(4, { crc: 1 })), null);
  assert.equal(books.delta(delta(5)), null); // on its way
  assert.deepEqual(asked, [["S", "checksum"]]);
  assert.deepEqual(books.counts, { checksum: 1, gap: 0 });
  assert.ok(books.snapshot(snapshot(9)));
  assert.equal(books.delta(delta(9))[2], 10);
});

test("a snapshot that does not come, or is wrong itself, is asked for again, ever later", () => {
  const { asked, books, snapshot, delta, wait } = watched();
  books.delta(delta(4));
  wait(2999);
  assert.equal(asked.length, 1);
  wait(1);
  assert.equal(asked.length, 2);
  const wrong = snapshot(4).with(4, 1);
  assert.equal(books.snapshot(wrong), null);
  assert.equal(asked.length, 2);
  wait(5999);
  assert.equal(asked.length, 2);
  wait(1);
  assert.deepEqual(asked.at(-1), ["S", "gap"]);
  wait(1000000);
  assert.equal(asked.length, 4);
  books.keepOnly(new Set());
  wait(1000000);
  assert.equal(asked.length, 4);
});
