// What is reduced: what the banner says once, which buttons are off, and who tells the tabs of it.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { makeWorld, FakeTab, Hub } = require("./world.cjs");
require("../../../static/realtime/modes.js");
require("../../../static/realtime/numbers.js");
require("../../../static/web/ticket.js");
const { modeRules, ticketAge } = globalThis.tredye;

const CANCEL = { sentence: "Trading is paused.", retry_after: 2, since: 0 };
const away = (name, refused = {}) => ({ modes: [{ name, title: "T.", meaning: "M.", since: 0 }], tone: "warn", works: "", refused });

test("what the page sees of its stream is not said when the server says why", () => {
  const { isExplained } = modeRules;
  for (const [what, name] of [["stale", "feed"], ["stale", "redis"], ["polling", "redis"], ["account", "postgres"]]) assert.ok(isExplained(what, away(name)));
  for (const [what, name] of [["reconnecting", "redis"], ["offline", "postgres"], ["stale", "engine"], ["account", "redis"]]) assert.ok(!isExplained(what, away(name)));
  assert.ok(!isExplained("stale", null));
});

test("a button is off when any of what it does may not be done, here or everywhere", () => {
  const { refusal } = modeRules;
  assert.equal(refusal("cancel", null), null);
  assert.equal(refusal("cancel", away("engine", { cancel: CANCEL })), CANCEL);
  assert.equal(refusal("save cancel", away("engine", { cancel: CANCEL })), CANCEL);
  assert.equal(refusal("history", away("engine", { cancel: CANCEL })), null);
  const old = { sentence: "Too old.", since: 5 };
  assert.equal(refusal("market_order", null, { market_order: old }), old);
  assert.equal(refusal("limit_order", null, { market_order: old }), null);
});

test("the note beside it has the reason and the time in the person's zone", () => {
  const at = Date.UTC(2026, 10, 22, 8, 31, 5);
  assert.equal(modeRules.noteText({ sentence: "Paused.", since: at }, modeRules.zoneClock("Europe/Berlin")), "Paused. Since 09:31:05; the button is back by itself.");
  assert.equal(modeRules.zoneClock("UTC")(at), "08:31:05");
});

test("a market order needs a price of three seconds, every other one of thirty", () => {
  const { asksOf, isTooOld } = ticketAge;
  assert.equal(asksOf("MARKET"), "market_order");
  for (const type of ["LIMIT", "STOP", "PAIR", "TRAILING_STOP"]) assert.equal(asksOf(type), "limit_order");
  assert.deepEqual([2.9, 3.1, 31].map((age) => isTooOld("market_order", age)), [false, true, true]);
  assert.deepEqual([2.9, 29, 31].map((age) => isTooOld("limit_order", age)), [false, false, true]);
});

const modesOf = (tab) => tab.got.filter((message) => message.modes !== undefined).map(({ modes }) => modes && modes.modes[0].name);

async function live(...tabs) {
  const world = makeWorld();
  const hub = new Hub(world);
  const made = tabs.map((tab) => new FakeTab(hub, tab));
  await world.last.accept();
  return { world, hub, made };
}

test("every tab is told of a mode once, and of its end", async () => {
  const { world, hub, made } = await live({ watch: { symbols: ["A"] } }, { watch: { symbols: ["B"] } });
  world.last.tell({ t: "m", d: away("engine") });
  world.last.tell({ t: "h", n: 1, now: 1, quotes: true });
  world.last.tell({ t: "m", d: away("engine") });
  world.last.tell({ t: "m", d: null });
  for (const tab of made) assert.deepEqual(modesOf(tab), ["engine", null]);
  world.last.tell({ t: "m", d: away("redis") });
  const late = new FakeTab(hub, { watch: { symbols: ["A"] } });
  assert.deepEqual(modesOf(late), ["redis"], "one that joins hears what holds");
});

test("a server that says nothing before its first heartbeat knows of nothing", async () => {
  const { world, made: [tab] } = await live({ watch: { symbols: ["A"] } });
  assert.deepEqual(modesOf(tab), []);
  world.last.tell({ t: "h", n: 1, now: 1, quotes: true });
  assert.deepEqual(modesOf(tab), [null], "what the page was rendered with is over");
  world.last.tell({ t: "m", d: away("engine") });
  world.last.drop(1006);
  await world.pass(20000);
  await world.last.accept();
  assert.deepEqual(modesOf(tab).at(-1), "engine", "until the new socket has spoken, the last word holds");
  world.last.tell({ t: "h", n: 1, now: 1, quotes: true });
  assert.deepEqual(modesOf(tab).at(-1), null);
});

test("without a socket a poll tells; with one it does not", async () => {
  const answers = { now: 1_000_000, d: [], m: away("redis") };
  const world = makeWorld({ fetch: async () => ({ ok: true, status: 200, json: async () => answers }) });
  const hub = new Hub(world);
  const tab = new FakeTab(hub, { watch: { symbols: ["A"] }, config: { pollUrl: "/markets/quotes" } });
  await world.pass(6000);
  assert.deepEqual(modesOf(tab), ["redis"]);
  await world.last.accept();
  world.last.tell({ t: "h", n: 1, now: 1, quotes: false });
  await world.pass(4000);
  assert.deepEqual(modesOf(tab), ["redis", null]);
});

test("books and bars stand still while the log is away, by itself or with the database that it may lie in", () => {
  const { isLogAway } = modeRules;
  assert.ok(!isLogAway(null));
  for (const name of ["redis", "feed", "engine"]) assert.ok(!isLogAway(away(name)));
  for (const name of ["log", "postgres"]) assert.ok(isLogAway(away(name)));
});
