// How the page brings its instants to the server's clock, run by node --test (see test_receipts.py).
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../static/orders/receipt.js");
const { offsetOf, seenOf } = globalThis.tredye.receiptRules;

// The server is 5,000 ms ahead; 4 ms there, 10 ms at work, 6 ms back.
const EXCHANGE = { sent: 1000, receivedUs: 6004000, answeredUs: 6014000, answered: 1020 };

test("the clock is off by what both ways of the exchange allow", () => {
  assert.equal(offsetOf(EXCHANGE), 4999);
  assert.equal(offsetOf({ ...EXCHANGE, kept: 5000.5 }), 5000.5, "the stream knows it better");
});

test("what the stream says holds only as far as the exchange allows it", () => {
  assert.equal(offsetOf({ ...EXCHANGE, kept: 9000 }), 5004);
  assert.equal(offsetOf({ ...EXCHANGE, kept: -9000 }), 4994);
  assert.equal(offsetOf({ ...EXCHANGE, kept: NaN }), 4999);
  assert.equal(offsetOf({ ...EXCHANGE, kept: undefined }), 4999);
});

test("a clock that was set in between tells nothing", () => {
  assert.equal(offsetOf({ ...EXCHANGE, answered: 900 }), null);
  assert.equal(offsetOf({ ...EXCHANGE, receivedUs: NaN }), null);
  assert.equal(seenOf({ ...EXCHANGE, answered: 900, clicked: 990, painted: 1030 }), null);
});

test("the click is before the receiving and the painting after the answer, whatever the rounding", () => {
  assert.deepEqual(seenOf({ ...EXCHANGE, clicked: 990, painted: 1030 }), [5989000, 6029000]);
  const now = 1760000000123.4567;
  for (const kept of [-1e9, 1e9, undefined]) {
    const exchange = { sent: now, receivedUs: 1760000005127457, answeredUs: 1760000005127457, answered: now };
    const [clicked, painted] = seenOf({ ...exchange, clicked: now, painted: now, kept });
    assert.ok(clicked <= exchange.receivedUs && painted >= exchange.answeredUs);
  }
});
