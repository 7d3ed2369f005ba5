// How a page counts what it measures of itself, run by node --test (see test_page_measures.py).
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../static/realtime/measure.js");
const { EDGES_MS, SAMPLES_MAX, bucketOf, Tally, grown, reconnectsSince } = globalThis.tredye.measureRules;

test("an interval falls into the first bucket whose edge it does not pass", () => {
  assert.deepEqual([0, 1, 1.01, 16, 16.7, 33, 5000, 5001].map(bucketOf), [0, 0, 1, 4, 5, 5, 12, 13]);
});

test("a tally is taken once, and takes no more than the server does", () => {
  const tally = new Tally();
  for (let sample = 0; sample < SAMPLES_MAX + 5; sample += 1) tally.add(3);
  const taken = tally.take();
  assert.equal(taken.length, EDGES_MS.length + 1);
  assert.equal(taken[2], SAMPLES_MAX);
  assert.equal(tally.take().reduce((sum, count) => sum + count, 0), 0);
});

test("what no clock can have measured is no sample", () => {
  const tally = new Tally();
  for (const wrong of [NaN, Infinity, undefined, -51, -86400000]) tally.add(wrong);
  tally.add(-3);
  const taken = tally.take();
  assert.equal(taken[0], 1, "two clocks that agree to some milliseconds");
  assert.equal(taken.reduce((sum, count) => sum + count, 0), 1);
});

test("counts that only rise are told as what came since", () => {
  assert.equal(grown(7, 3, 100), 4);
  assert.equal(grown(undefined, undefined, 100), 0);
  assert.equal(grown(5, 9, 100), 5, "a socket made anew counts from 0");
  assert.equal(grown(10 ** 9, 0, 100), 100);
  assert.deepEqual(reconnectsSince({ 1006: 3, silent: 1, "never heard of": 2, 4242: 1 }, { 1006: 1, silent: 1 }), { 1006: 2, other: 3 });
  assert.deepEqual(reconnectsSince(undefined, undefined), {});
});
