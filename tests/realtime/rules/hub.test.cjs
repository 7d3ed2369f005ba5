// The hub of the tabs: one socket, what the visible tabs show, and no tab that another one slows down.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { makeWorld, FakeTab, Hub } = require("./world.cjs");
const { union, watchMessage, Tab } = globalThis.tredye;

const quote = (symbol, sequence, bid = "1") => [symbol, 1, sequence, sequence, bid, "2", "1", "1"];
const quotes = (...rows) => ({ t: "q", at: 5, d: rows });

async function live(...tabs) {
  const world = makeWorld();
  const hub = new Hub(world);
  const made = tabs.map((tab) => new FakeTab(hub, tab));
  await world.last.accept();
  return { world, hub, made };
}

test("two tabs are one socket, which watches what both show", async () => {
  const { world, made } = await live({ watch: { symbols: ["A", "B"] } }, { watch: { symbols: ["B", "C"], depth: ["C"] } });
  assert.equal(world.sockets.length, 1);
  assert.deepEqual(world.last.of("watch").at(-1), { op: "watch", symbols: ["A", "B", "C"], depth: ["C"] });
  world.last.tell(quotes(quote("A", 1), quote("B", 1), quote("C", 1)));
  assert.deepEqual(made.map(({ quotes: got }) => got.map(([symbol]) => symbol)), [["A", "B"], ["B", "C"]]);
});

test("the watch-set is that of the visible tabs, bounded, newest look first, whatever tabs do", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    let state = seed;
    const random = (below) => (state = (state * 48271) % 2147483647) % below;
    const tabs = Array.from({ length: 1 + random(6) }, () => {
      const tab = new Tab(() => {});
      const names = (count, many) => Array.from({ length: random(many) }, () => `S${random(count)}`);
      tab.watch({ symbols: names(900, 400), depth: names(9, 5), bars: names(9, 5).map((name) => [name, "1m"]) });
      tab.isVisible = random(3) > 0;
      return tab;
    });
    const all = union(tabs);
    const shown = tabs.filter(({ isVisible }) => isVisible);
    for (const [part, limit] of [["symbols", 500], ["depth", 4], ["bars", 4]]) {
      const wanted = new Set(shown.flatMap((tab) => [...tab[part].keys()]));
      assert.equal(all[part].size, Math.min(wanted.size, limit), `seed ${seed}`);
      for (const name of all[part].keys()) assert.ok(wanted.has(name));
      const newest = shown.at(-1);
      if (newest && newest[part].size <= limit) for (const name of newest[part].keys()) assert.ok(all[part].has(name), `seed ${seed}`);
    }
    assert.equal(JSON.stringify(watchMessage(all)), JSON.stringify(watchMessage(union(tabs))));
  }
});

test("a hidden tab is told nothing, and begins with the newest when it is shown", async () => {
  const { world, made: [one, other] } = await live({ watch: { symbols: ["A"] } }, { watch: { symbols: ["A", "B"] } });
  other.say({ op: "visible", value: false });
  await world.pass(300);
  assert.deepEqual(world.last.of("watch").at(-1).symbols, ["A"]);
  const before = other.got.length;
  for (let n = 1; n <= 50; n += 1) world.last.tell(quotes(quote("A", n)));
  assert.equal(other.got.length, before);
  assert.equal(one.quotes.length, 50);
  other.say({ op: "visible", value: true });
  assert.deepEqual(other.quotes.at(-1), quote("A", 50));
  await world.pass(300);
  assert.deepEqual(world.last.of("watch").at(-1).symbols, ["A", "B"]);
});

test("what is scrolled out and in again is not what it was when it was last watched", async () => {
  const { world, made: [tab] } = await live({ watch: { symbols: ["A", "B"] } });
  world.last.tell(quotes(quote("A", 1), quote("B", 1)));
  tab.say({ op: "watch", symbols: ["A"] });
  await world.pass(300);
  tab.got.length = 0;
  tab.say({ op: "watch", symbols: ["A", "B"] });
  assert.deepEqual(tab.quotes.map(([symbol]) => symbol), ["A"]);
});

test("a busy tab gets one message with the newest when it is ready, and what it missed is counted", async () => {
  const { world, made: [busy, other] } = await live({ watch: { symbols: ["A"] } }, { watch: { symbols: ["A"] } });
  await world.pass(1000);
  busy.busy = true;
  world.last.tell(quotes(quote("A", 1)));
  const before = busy.got.length;
  for (let n = 2; n <= 500; n += 1) world.last.tell(quotes(quote("A", n)));
  assert.equal(busy.got.length, before);
  assert.equal(other.quotes.length, 500);
  busy.busy = false;
  busy.say({ op: "took" });
  assert.deepEqual(busy.quotes.at(-1), quote("A", 500));
  assert.equal(busy.got.findLast(({ counts }) => counts).counts.conflated, 498);
});

test("a tab that died is not watched for: by its lock, or because it takes nothing for a minute", async () => {
  const { world, hub, made: [locked, frozen, alive] } = await live(
    { watch: { symbols: ["A"] }, lock: "tab-1" }, { watch: { symbols: ["B"] } }, { watch: { symbols: ["C"] } });
  locked.die();
  frozen.busy = true;
  await world.pass(300);
  assert.deepEqual(world.last.of("watch").at(-1).symbols, ["B", "C"]);
  const beat = async (times) => { for (let n = 0; n < times; n += 1) { world.last.tell({ t: "h", n, now: 0, quotes: true }); await world.pass(1000); } };
  await beat(65);
  assert.equal(hub.tabs.size, 1);
  assert.deepEqual(world.last.of("watch").at(-1).symbols, ["C"]);
  frozen.say({ op: "watch", symbols: ["B"] }); // it does not know that it is dead
  assert.equal(hub.tabs.size, 1);
  frozen.busy = false;
  frozen.hello();
  assert.equal(hub.tabs.size, 2);
  alive.say({ op: "leave" });
  await world.pass(300);
  assert.deepEqual(world.last.of("watch").at(-1).symbols, ["B"]);
});

test("when all tabs have been hidden for five minutes the socket is closed, and the next look opens it", async () => {
  const { world, made: [tab] } = await live({ watch: { symbols: ["A"] } });
  tab.say({ op: "visible", value: false });
  const beat = async (seconds) => { for (let n = 0; n < seconds; n += 1) { world.last.tell({ t: "h", n, now: 0, quotes: true }); await world.pass(1000); } };
  await beat(298);
  assert.equal(world.last.closedWith, undefined);
  await world.pass(3000);
  assert.equal(world.last.closedWith, 1000);
  assert.equal(world.sockets.length, 1);
  tab.say({ op: "visible", value: true });
  assert.equal(world.sockets.length, 2);
});

test("a checksum that differs is counted in one tab and asked about, and the snapshot is shown", async () => {
  const { world, made } = await live({ watch: { depth: ["A"] } }, { watch: { depth: ["A"] } });
  const levels = [["100", "1", "0"]];
  const crc = globalThis.tredye.checksum(levels, []);
  world.last.tell({ t: "d", d: [["A", 1, 1, 1, crc, levels, []]] });
  world.last.tell({ t: "dd", d: [["A", 1, 1, 2, 1, 12345, [["99", "1", "0"]], []]] });
  assert.deepEqual(world.last.of("resync"), [{ op: "resync", depth: ["A"], why: "checksum" }]);
  world.last.tell({ t: "d", d: [["A", 1, 1, 1, crc, levels, []]] });
  for (const tab of made) assert.deepEqual(tab.take("d").map((book) => book[2]), [1, 1]);
  await world.pass(1000);
  const counted = made.flatMap((tab) => tab.take("counts")).reduce((sum, { resyncs }) => sum + resyncs.checksum, 0);
  assert.equal(counted, 1);
});

test("without a stream prices are asked for every two seconds, for what is on screen, until it is back", async () => {
  const asked = [];
  let now = 0;
  const fetch = async (url) => {
    asked.push(url);
    return { ok: true, status: 200, json: async () => ({ now, d: [["A", 1, asked.length, now, "1", "2", "1", "1"]] }) };
  };
  const world = makeWorld({ fetch });
  const tab = new FakeTab(new Hub(world), { watch: { symbols: ["A", "B/C"] }, config: { pollUrl: "/markets/quotes" } });
  await world.last.accept();
  const beat = async (seconds, quotesCome) => {
    for (let n = 0; n < seconds; n += 1) {
      now = world.now();
      world.last.tell({ t: "h", n, now, quotes: quotesCome });
      await world.pass(1000);
    }
  };
  await beat(5, true);
  assert.equal(asked.length, 0);
  await beat(12, false);
  assert.ok(asked.length >= 4 && asked.length <= 6, `${asked.length} polls in twelve seconds`);
  assert.equal(asked[0], "/markets/quotes?symbols=A,B%2FC");
  assert.equal(tab.state.name, "polling");
  assert.equal(tab.quotes.length, asked.length);
  const old = asked.length;
  tab.say({ op: "visible", value: false });
  await world.pass(5000);
  assert.equal(asked.length, old);
  tab.say({ op: "visible", value: true });
  await beat(2, true);
  assert.equal(tab.state.name, "live");
  assert.equal(asked.length, old);
});

test("old prices that a poll brings do not pass for prices, and a poll that fails is tried ever later", async () => {
  let answer = async () => ({ ok: true, status: 200, json: async () => ({ now: 100000, d: [["A", 1, 1, 90000, "1", "2", "1", "1"]] }) });
  let asked = 0;
  const world = makeWorld({ fetch: () => { asked += 1; return answer(); } });
  const tab = new FakeTab(new Hub(world), { watch: { symbols: ["A"] }, config: { pollUrl: "/q" } });
  await world.last.accept();
  const silent = async (seconds) => {
    for (let n = 0; n < seconds; n += 1) { world.last.tell({ t: "h", n, now: 0, quotes: false }); await world.pass(1000); }
  };
  await silent(10);
  assert.ok(asked >= 3);
  assert.equal(tab.state.name, "stale");
  answer = async () => { throw new Error("no network"); };
  const before = asked;
  await silent(60);
  assert.ok(asked - before <= 9, `${asked - before} polls that failed in a minute`);
});

test("the newest notice is told to every tab with an account, also to one that is shown later", async () => {
  const { world, made: [one, other] } = await live({ sequence: 1, config: { ticketUrl: "/t" } }, { sequence: 1, config: { ticketUrl: "/t" } });
  const told = (tab) => tab.got.filter((message) => message.notices !== undefined).map((message) => message.notices);
  other.say({ op: "visible", value: false });
  world.last.tell({ t: "n", sequence: 7 });
  assert.deepEqual(told(one), [7]);
  assert.deepEqual(told(other), []);
  world.last.tell({ t: "n", sequence: 6 }); // a poll that was overtaken by a bell
  other.say({ op: "visible", value: true });
  assert.deepEqual(told(other).at(-1), 7);
  assert.ok(told(one).every((sequence) => sequence === 7));
});
