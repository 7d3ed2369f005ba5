// The hub of the tabs: one socket for all of them, in the browser's shared worker, or in the page itself where there is none.
"use strict";

(() => {
  const { Line, Poll, Buffer, Books, EventRing, Tab, union, watchMessage } = globalThis.tredye;
  const HIDDEN_MS = 5 * 60000;
  const WATCH_EVERY_MS = 250;
  const DEAD_MS = 60000;

  // `world` is what Line asks for, and setInterval. Tabs join with a function that posts a message to them.
  class Hub {
    #config = null;
    #watchSent = "";
    #watchTimer = null;
    #watchedAt = 0;
    #hiddenSince = null;
    #needsSnapshot = false;
    #knowsModes = false; // by the socket that is open

    constructor(world) {
      this.world = world;
      this.tabs = new Set(); // in the order in which they were last looked at
      this.buffer = new Buffer();
      this.ring = new EventRing();
      this.notices = null; // the newest notice of the account; null before anybody told one
      this.modes = undefined; // what is reduced, null when nothing is; undefined before anybody told
      this.books = new Books((symbol, why) => this.line.say({ op: "resync", depth: [symbol], why }), world.now);
      this.line = new Line(world, this);
      this.poll = new Poll(world, {
        pollUrl: () => this.#config.pollUrl,
        symbols: () => (this.#config?.pollUrl ? [...union(this.tabs).symbols].sort() : []),
        take: (rows, now, modes) => this.#polled(rows, now, modes),
        changed: () => this.changed(),
      });
      this.lost = {}; // why sockets were lost, how often: told to one tab, once
      world.setInterval(() => this.#tick(), 1000);
    }

    // --- What the line asks for and tells ---

    config() {
      return this.#config;
    }

    accountSequence() {
      return this.ring.head;
    }

    count(why) {
      this.lost[why] = (this.lost[why] ?? 0) + 1;
    }

    // A socket begins: it is told what to watch, and begins with snapshots.
    greeted() {
      this.#knowsModes = false;
      this.books.keepOnly(new Set());
      this.#watchSent = "";
      this.#watch();
    }

    // A server that has something to say of its modes says it before its first heartbeat.
    heard() {
      if (!this.#knowsModes) this.#takeModes(null);
    }

    // What was shown of the account may be old: everything that shows it loads anew.
    reload() {
      for (const tab of this.tabs) tab.mustReload = tab.cursor !== null;
      this.#serveAll();
    }

    changed() {
      for (const tab of this.tabs) tab.news.add("state");
      this.#serveAll();
    }

    take(message) {
      switch (message.t) {
        case "q": this.#quotes(message.d, { sentAt: message.at ?? null, receivedAt: this.world.now() }); break;
        case "p": for (const print of message.d) this.buffer.printCame(print); break;
        case "d": for (const depth of message.d) this.#depth(this.books.snapshot(depth)); break;
        case "dd": for (const delta of message.d) this.#depth(this.books.delta(delta)); break;
        case "s": for (const state of message.d) this.buffer.stateCame(state); break;
        case "b": for (const bar of message.d) this.buffer.barCame(bar); break;
        case "a": this.#accountEvents(message.d); break;
        case "gap": this.#gap(message.account_sequence); break;
        case "n": this.#notices(message.sequence); break;
        case "m": this.#takeModes(message.d); break;
        default: return;
      }
      this.#serveAll();
    }

    #takeModes(modes) {
      this.#knowsModes = true;
      this.#setModes(modes);
    }

    #setModes(modes) {
      if (JSON.stringify(modes) === JSON.stringify(this.modes)) return;
      this.modes = modes;
      for (const tab of this.tabs) tab.news.add("modes");
      this.#serveAll();
    }

    // An open socket tells of modes itself, and later.
    #polled(rows, now, modes) {
      if (modes !== undefined && !this.line.isOpen) this.#setModes(modes);
      this.#quotes(rows, { sentAt: now, receivedAt: this.world.now() });
    }

    #quotes(rows, frame) {
      for (const quote of rows) this.buffer.quoteCame(quote, frame);
      this.#serveAll();
    }

    #depth(book) {
      if (book) this.buffer.depthCame(book);
    }

    #accountEvents(events) {
      for (const event of events) {
        if (this.ring.take(event) !== "hole") continue;
        this.line.restartWithBackoff("hole"); // come back and have it replayed
        return;
      }
    }

    // The server cannot replay what was missed, or knows of less than the tabs do.
    #gap(sequence) {
      this.ring.begin(sequence);
      for (const tab of this.tabs) tab.mustReload = tab.cursor !== null;
    }

    // The account has notices up to this one: each tab compares it with what it shows.
    #notices(sequence) {
      this.notices = Math.max(sequence, this.notices ?? 0);
      for (const tab of this.tabs) tab.news.add("notices");
    }

    // --- Tabs come and go ---

    // Returns what hears a tab. It begins, and begins anew, with a hello; `whenDead` calls back when the lock it names is free.
    connect(post, whenDead = () => {}) {
      let tab = null;
      return (message) => {
        if (message.op === "hello") {
          if (tab) this.leave(tab);
          const joined = (tab = new Tab(post));
          this.tabs.add(joined);
          this.#taken();
          if (message.lock) whenDead(message.lock, () => this.leave(joined));
        }
        if (tab && this.tabs.has(tab)) this.#hear(tab, message); // else it was taken for dead: it begins anew
      };
    }

    leave(tab) {
      if (!this.tabs.delete(tab)) return;
      this.#taken();
      this.#watchSoon();
    }

    #taken() {
      this.buffer.takers = [...this.tabs].map(({ waiting }) => waiting);
    }

    #hear(tab, message) {
      switch (message.op) {
        case "hello": return this.#hello(tab, message);
        case "watch": tab.watch(message); return this.#shown(tab);
        case "visible": return this.#visible(tab, message.value);
        case "took": tab.sentAt = null; return this.#serve(tab);
        case "online": return this.line.setOnline(message.value);
        case "leave": return this.leave(tab);
        default: return undefined;
      }
    }

    #hello(tab, { config, watch, visible, sequence, online = true }) {
      this.#config = config;
      this.line.setOnline(online);
      if (config.ticketUrl && Number.isInteger(sequence)) {
        tab.cursor = sequence;
        if (this.ring.head === null) this.ring.begin(sequence);
      }
      tab.watch(watch);
      tab.news.add("state").add("clock").add("modes");
      if (this.line.state.name === "refused") this.line.close();
      this.#visible(tab, visible);
      this.#serve(tab);
    }

    #visible(tab, isVisible) {
      tab.isVisible = isVisible;
      if (!isVisible) {
        tab.waiting.empty();
        return this.#watchSoon();
      }
      this.tabs.delete(tab);
      this.tabs.add(tab);
      return this.#shown(tab);
    }

    // A tab shows something else: it gets at once what is known of it, and the server tells the rest.
    #shown(tab) {
      if (tab.isVisible) tab.needsEverything(this.buffer);
      this.#watchSoon();
      this.#serve(tab);
    }

    // --- What is watched ---

    // At most a few times a second, however fast somebody scrolls: the server counts messages.
    #watchSoon() {
      this.#look();
      const wait = this.#watchedAt + WATCH_EVERY_MS - this.world.now();
      if (wait <= 0) return this.#watch();
      this.#watchTimer ??= this.world.setTimeout(() => this.#watch(), wait);
      return undefined;
    }

    #watch() {
      this.world.clearTimeout(this.#watchTimer);
      this.#watchTimer = null;
      const all = union(this.tabs);
      this.buffer.keepOnly(all);
      this.books.keepOnly(all.depth);
      const message = watchMessage(all);
      const text = JSON.stringify(message);
      if (text === this.#watchSent) return;
      this.#watchedAt = this.world.now();
      this.#watchSent = text;
      this.line.say(message);
    }

    // Opens the socket when somebody wants it, and closes it when all tabs have been hidden for a while.
    #look() {
      const wanted = [...this.tabs].some((tab) => tab.cursor !== null || tab.symbols.size || tab.depth.size || tab.bars.size);
      const seen = [...this.tabs].some(({ isVisible }) => isVisible);
      this.#hiddenSince = seen ? null : this.#hiddenSince ?? this.world.now();
      if (!wanted || (!seen && this.world.now() - this.#hiddenSince >= HIDDEN_MS)) {
        if (this.line.state.name !== "off") this.line.close();
      } else if (seen && this.#config) this.line.open();
    }

    #tick() {
      this.#look();
      this.line.tick();
      this.books.look();
      this.poll.tick(["live", "off", "offline"].includes(this.line.state.name));
      for (const tab of this.tabs) {
        tab.news.add("clock");
        if (tab.sentAt !== null && this.world.now() - tab.sentAt > DEAD_MS) this.leave(tab);
      }
      this.#serveAll();
    }

    // --- What the tabs are told ---

    state() {
      const { name, text, since } = this.line.state;
      const isPolled = this.poll.isFresh && ["stale", "reconnecting", "connecting"].includes(name);
      return { name: isPolled ? "polling" : name, text: isPolled ? "" : text, since, missing: this.#missing(isPolled) };
    }

    #missing(isPolled) {
      if (!isPolled || this.line.isOpen) return this.line.missing;
      return this.#config.ticketUrl ? "your orders follow" : "";
    }

    #serveAll() {
      for (const tab of this.tabs) this.#serve(tab);
    }

    // One message with everything that the tab lacks; the next when it took this one.
    #serve(tab) {
      if (!tab.isVisible || tab.sentAt !== null) return;
      const message = this.#messageFor(tab);
      if (!message) return;
      tab.sentAt = this.world.now();
      tab.post(message);
    }

    #messageFor(tab) {
      const message = {};
      if (tab.news.has("state")) message.state = this.state();
      if (tab.news.has("clock")) message.clock = { offset: this.line.clock.offset, rtt: this.line.clock.rtt };
      if (tab.news.has("notices") && this.notices !== null && tab.cursor !== null) message.notices = this.notices;
      if (tab.news.has("modes") && this.modes !== undefined) message.modes = this.modes;
      tab.news.clear();
      this.#putEvents(tab, message);
      this.#putPrices(tab, message);
      if (!Object.keys(message).length) return null;
      this.#putCounts(tab, message);
      return message;
    }

    #putEvents(tab, message) {
      if (tab.cursor === null) return;
      const events = tab.mustReload ? null : this.ring.after(tab.cursor);
      if (events === null) message.gap = this.ring.head;
      else if (events.length) message.a = events;
      else return;
      tab.mustReload = false;
      tab.cursor = this.ring.head;
    }

    #putPrices(tab, message) {
      const { waiting } = tab;
      if (waiting.isEmpty) return;
      const { quotes, depths, states, prints, bars } = waiting;
      if (quotes.size) message.q = [...quotes].map((symbol) => [this.buffer.quotes.get(symbol), this.buffer.frames.get(symbol)]);
      if (prints.length) message.p = prints;
      if (depths.size) message.d = [...depths].map((symbol) => this.buffer.depths.get(symbol));
      if (states.size) message.s = [...states].map((symbol) => this.buffer.states.get(symbol));
      if (bars.size) message.b = [...bars.values()];
      waiting.empty();
    }

    // Counts of the one socket are told once, to whichever tab is served first, so that their sum over the tabs is right.
    #putCounts(tab, message) {
      const resyncs = this.books.counts;
      const told = { reconnects: this.lost, resyncs: { ...resyncs }, ...tab.waiting.counts };
      if (!Object.keys(this.lost).length && !resyncs.checksum && !resyncs.gap && !told.conflated && !told.dropped) return;
      message.counts = told;
      this.lost = {};
      this.books.counts = { checksum: 0, gap: 0 };
      tab.waiting.counts = { conflated: 0, dropped: 0 };
    }
  }

  // The world as a worker and a page have it alike.
  const browserWorld = () => ({
    now: () => Date.now(),
    random: () => Math.random(),
    setTimeout: (...call) => setTimeout(...call),
    clearTimeout: (timer) => clearTimeout(timer),
    setInterval: (...call) => setInterval(...call),
    fetch: (...call) => fetch(...call),
    isOnline: () => navigator.onLine !== false,
    WebSocket,
  });

  Object.assign((globalThis.tredye ||= {}), { Hub, browserWorld });
})();
