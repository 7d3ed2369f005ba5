// The socket: when it comes back, what it says, and whose ticket it shows.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { makeWorld, FakeTab, Hub } = require("./world.cjs");
const { backoffMs, retryOf, afterClose, lateness, missingOf, isTicketOf, Clock, BACKOFF } = globalThis.tredye.streamRules;

test("the backoff grows to its cap with full jitter", () => {
  assert.equal(backoffMs(0, 0), 0);
  assert.equal(backoffMs(0, 0.999), 499);
  assert.equal(backoffMs(3, 0.5), 2000);
  for (let attempt = 0; attempt < 2000; attempt += 1) assert.ok(backoffMs(attempt, 0.9999) <= BACKOFF.cap);
});

test("each close code asks for what the table says", () => {
  const after = (code, more = {}) => afterClose(code, { attempt: 2, random: 0.5, ...more });
  assert.equal(after(1008).wait, 60000);
  assert.equal(after(1012, { retryMs: 3000 }).wait, 3000);
  assert.equal(after(1012).wait, 1000);
  assert.equal(after(1013, { reason: "retry 4200" }).wait, 4200);
  assert.ok(after(1013).wait >= 5000);
  assert.deepEqual([after(4001).wait, after(4001).withoutTicket], [0, false]);
  assert.equal(after(4001, { ticketRefused: 1 }).withoutTicket, true);
  assert.equal(after(4003).wait, null);
  assert.equal(after(4008).reload, true);
  assert.deepEqual([after(4009, { attempt: 0 }).wait, after(4009).wait, after(4009).reload], [0, 1000, true]);
  assert.equal(after(1006).wait, 1000);
  assert.deepEqual(["retry 1000", "retry 9999999", "retry", "retry -1", "", undefined].map(retryOf), [1000, 0, 0, 0, 0, 0]);
});

test("a timer that is a little late was kept waiting, one that is far too late slept", () => {
  assert.deepEqual([1000, 2400, 2600, 8900, 9100, 3600000].map((elapsed) => lateness(elapsed, 1000)), ["", "", "late", "late", "slept", "slept"]);
});

test("a page with an account says when it gets prices alone", () => {
  assert.equal(missingOf(false, ""), "");
  assert.equal(missingOf(true, "a ticket"), "");
  assert.equal(missingOf(true, ""), "log in again for your orders");
  assert.equal(missingOf(true, null), "your orders follow");
});

test("a ticket counts for the account that it was asked for, and no other", () => {
  assert.equal(isTicketOf("one.first", "one.second"), true);
  assert.equal(isTicketOf("one.first", "two.first"), false);
  for (const nobody of ["", undefined, ".", ".first"]) assert.equal(isTicketOf(nobody, nobody), false);
});

test("the clock is that of the heartbeat with the shortest way of the last sixty", () => {
  const clock = new Clock();
  clock.welcome(5000, 4000);
  assert.deepEqual([clock.offset, clock.rtt], [1000, null]);
  clock.heartbeat(6000, undefined, 5000); // the first says nothing of the way
  assert.equal(clock.offset, 1000);
  clock.heartbeat(7000, 40, 6010); // the one before took 40 ms there and back
  assert.deepEqual([clock.offset, clock.rtt], [1020, 40]);
  clock.heartbeat(8000, 4, 7500); // that one 4; this one was read half a second late
  assert.deepEqual([clock.offset, clock.rtt], [992, 4]);
  clock.heartbeat(9000, 510, 8010); // as its way says
  assert.deepEqual([clock.offset, clock.rtt], [992, 4]);
  for (let n = 0; n < 61; n += 1) clock.heartbeat(10000, 20, 9000);
  assert.deepEqual([clock.offset, clock.rtt], [1010, 20]);
});

const beat = async (world, seconds) => {
  for (let n = 1; n <= seconds; n += 1) {
    world.last.tell({ t: "h", n, now: world.now(), quotes: true });
    await world.pass(1000);
  }
};

test("heartbeats are answered; when they end the socket is let go within six seconds", async () => {
  const world = makeWorld();
  const tab = new FakeTab(new Hub(world), { watch: { symbols: ["A"] } });
  await world.last.accept();
  await beat(world, 3);
  assert.deepEqual(world.last.of("ack").map(({ n }) => n), [1, 2, 3]);
  await world.pass(6000);
  assert.equal(world.sockets[0].closedWith, 1000);
  assert.equal(world.sockets.length, 2);
  await world.last.accept();
  assert.equal(tab.state.name, "live");
  assert.deepEqual(tab.take("counts").map(({ reconnects }) => reconnects), [{ silent: 1 }]);
  assert.deepEqual(world.last.of("watch").at(-1).symbols, ["A"]);
});

test("the waits grow while nothing holds, and begin anew after thirty good seconds", async () => {
  const world = makeWorld({ random: () => 0.999999 });
  new FakeTab(new Hub(world), { watch: { symbols: ["A"] } });
  const waits = [];
  for (let n = 0; n < 8; n += 1) {
    const [count, began] = [world.sockets.length, world.now()];
    world.last.drop(1006);
    while (world.sockets.length === count) await world.pass(50);
    waits.push(Math.round((world.now() - began) / 500) * 500);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  await world.last.accept();
  await beat(world, 33);
  const began = world.now();
  world.last.drop(1006);
  while (world.sockets.length === 9) await world.pass(50);
  assert.ok(world.now() - began <= 550);
});

test("a server that says when to come back is believed", async () => {
  const world = makeWorld({ random: () => 0.5 });
  new FakeTab(new Hub(world), { watch: { symbols: ["A"] } });
  await world.last.accept();
  world.last.tell({ t: "bye", retry_ms: 3000 });
  world.last.drop(1012);
  await world.pass(2990);
  assert.equal(world.sockets.length, 1);
  await world.pass(20);
  assert.equal(world.sockets.length, 2);
  world.last.drop(1013, "retry 7000");
  await world.pass(6990);
  assert.equal(world.sockets.length, 2);
  await world.pass(20);
  assert.equal(world.sockets.length, 3);
});

test("a machine that slept reconnects at once, and one that was busy does not take its socket for dead", async () => {
  const world = makeWorld();
  const tab = new FakeTab(new Hub(world), { watch: { symbols: ["A"] } });
  await world.last.accept();
  await beat(world, 2);
  world.sleep(6000);
  await world.pass(10);
  assert.equal(world.last.closedWith, undefined);
  await beat(world, 2);
  world.sleep(600000);
  await world.pass(600);
  assert.equal(world.sockets[0].closedWith, 1000);
  assert.equal(world.sockets.length, 2);
  await world.last.accept();
  assert.deepEqual(tab.take("counts").map(({ reconnects }) => reconnects), [{ slept: 1 }]);
});

test("offline is said, and online is come back to with jitter", async () => {
  const world = makeWorld();
  const tab = new FakeTab(new Hub(world), { watch: { symbols: ["A"] } });
  await world.last.accept();
  tab.say({ op: "online", value: false }); // the tab knows, the worker may not yet
  assert.equal(tab.state.name, "offline");
  await world.pass(60000);
  assert.equal(world.sockets.length, 1);
  assert.equal(tab.state.name, "offline");
  tab.say({ op: "online", value: true });
  await world.pass(500);
  assert.equal(world.sockets.length, 2);
});

test("the other address is tried at once where the first cannot be reached", async () => {
  const world = makeWorld();
  new FakeTab(new Hub(world), { watch: { symbols: ["A"] }, config: { urls: ["ws://one/stream", "ws://two/stream"] } });
  world.last.drop(1006);
  assert.deepEqual(world.sockets.map(({ url }) => url), ["ws://one/stream", "ws://two/stream"]);
});

const ticketOf = (login) => async () => ({ ok: true, status: 200, json: async () => ({ ticket: "signed", login }) });
const OWNER = { ticketUrl: "/stream/ticket", login: "mine.today" };

test("a ticket of another person is not shown, and the page says so", async () => {
  const world = makeWorld({ fetch: ticketOf("theirs.today") });
  const tab = new FakeTab(new Hub(world), { watch: { symbols: ["A"] }, sequence: 7, config: OWNER });
  await world.last.accept();
  assert.deepEqual(world.last.of("hello"), [{ op: "hello", v: 1 }]);
  assert.equal(tab.state.missing, "log in again for your orders");
});

const event = (sequence) => ({ account_sequence: sequence, type: "FUNDS_DEPOSITED" });
const events = (...sequences) => ({ t: "a", d: sequences.map(event) });
const seen = (tab) => tab.take("a").map(({ account_sequence: sequence }) => sequence);

async function owned(...sequences) {
  const world = makeWorld({ fetch: ticketOf("mine.tomorrow") });
  const hub = new Hub(world);
  const tabs = sequences.map((sequence) => new FakeTab(hub, { watch: { symbols: ["A"] }, sequence, config: OWNER }));
  await world.last.accept();
  return { world, hub, tabs };
}

test("each tab gets the account's events after its own, in order, from the socket or from what is kept", async () => {
  const { world, hub, tabs: [first] } = await owned(7);
  assert.deepEqual(world.last.of("hello"), [{ op: "hello", v: 1, ticket: "signed", account_sequence: 7 }]);
  world.last.tell(events(8, 9));
  const second = new FakeTab(hub, { sequence: 8, config: OWNER });
  const ahead = new FakeTab(hub, { sequence: 11, config: OWNER });
  const behind = new FakeTab(hub, { sequence: 5, config: OWNER });
  world.last.tell(events(9, 10, 11, 12));
  assert.deepEqual([first, second, ahead].map(seen), [[8, 9, 10, 11, 12], [9, 10, 11, 12], [12]]);
  assert.deepEqual(behind.gaps, [9]); // what was before is not here: it loads anew
  assert.deepEqual(seen(behind), [10, 11, 12]);
});

test("three hundred events are kept, and a tab that comes back after more loads anew", async () => {
  const { world, tabs: [tab, other] } = await owned(0, 0);
  tab.say({ op: "visible", value: false });
  for (let n = 1; n <= 300; n += 1) world.last.tell(events(n));
  tab.say({ op: "visible", value: true });
  assert.equal(seen(tab).length, 300);
  tab.say({ op: "visible", value: false });
  for (let n = 301; n <= 601; n += 1) world.last.tell(events(n));
  tab.say({ op: "visible", value: true });
  assert.equal(seen(tab).length, 300);
  assert.deepEqual(tab.gaps, [601]);
  assert.deepEqual(seen(other), Array.from({ length: 601 }, (_, n) => n + 1));
});

test("a hole in the account's events is come back for, from where it began", async () => {
  const { world, tabs: [tab] } = await owned(7);
  world.last.tell(events(8));
  world.last.tell(events(10));
  await world.pass(600);
  assert.equal(world.sockets.length, 2);
  await world.last.accept();
  assert.equal(world.last.of("hello")[0].account_sequence, 8);
  assert.equal(world.last.of("hello")[0].after, "hole");
  world.last.drop(1006);
  await world.pass(2000);
  await world.last.accept();
  assert.equal(world.last.of("hello")[0].after, "1006");
  world.last.tell(events(9, 10));
  assert.deepEqual(seen(tab), [8, 9, 10]);
});

test("what the server cannot replay is loaded anew in every tab", async () => {
  const { world, tabs } = await owned(7, 6);
  world.last.tell({ t: "gap", account_sequence: 3 });
  for (const tab of tabs) assert.deepEqual(tab.gaps.at(-1), 3);
  world.last.tell(events(4));
  for (const tab of tabs) assert.deepEqual(seen(tab), [4]);
});
