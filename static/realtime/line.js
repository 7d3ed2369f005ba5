// One socket to the server: it connects, says hello, answers heartbeats, and comes back when it breaks. It knows no document.
"use strict";

(() => {
  const { BACKOFF, backoffMs, afterClose, lateness, missingOf, isTicketOf, Clock } = globalThis.tredye.streamRules;

  const TICK_MS = 1000;
  const DEADLINE_MS = 5000;
  const GREETING_MS = 10000;
  const TICKET_MS = 3000;
  const [TICKET_AGAIN_MS, TICKET_SPREAD_MS] = [10000, 20000];

  // A ticket, "" when nobody is logged in or somebody else is, or null when the pages' server cannot be asked now.
  async function fetchTicket(world, { ticketUrl, csrf, login }) {
    try {
      const response = await world.fetch(ticketUrl, {
        method: "POST",
        headers: { "X-CSRFToken": csrf, Accept: "application/json" },
        credentials: "same-origin",
        redirect: "error",
        signal: AbortSignal.timeout(TICKET_MS),
      });
      if (response.status === 401 || response.status === 403) return "";
      if (!response.ok) return null;
      const answer = await response.json();
      return isTicketOf(login, answer.login) ? answer.ticket : "";
    } catch {
      return null; // prices are public: they come without it, and the ticket is asked for again
    }
  }

  // `world` is { now, random, setTimeout, clearTimeout, fetch, WebSocket, isOnline }. `owner` is asked for config(), the tabs'
  // configuration, and accountSequence(), the last event they have; and told greeted(), take(message), heard() at each heartbeat,
  // reload(), changed() and count(why) of each socket that was lost.
  class Line {
    #socket = null;
    #greeted = false;
    #saidHello = false;
    #heardAt = 0;
    #goodSince = 0;
    #tickedAt = 0;
    #attempt = 0;
    #urlIndex = 0;
    #ticketRefused = 0;
    #withoutTicket = false;
    #retryMs = 0;
    #after = ""; // why the last socket was lost: the next hello tells it
    #saidOffline = false; // by a tab; what a worker knows by itself may lag behind
    #timer = null;
    #ticketTimer = null;

    constructor(world, owner) {
      this.world = world;
      this.owner = owner;
      this.clock = new Clock();
      this.missing = "";
      this.state = { name: "off", text: "", since: world.now() };
      this.#tickedAt = world.now();
    }

    get isOpen() {
      return this.#greeted;
    }

    get #isOnline() {
      return !this.#saidOffline && this.world.isOnline();
    }

    // --- State ---

    #setState(name, text = "") {
      if (name === this.state.name && text === this.state.text) return;
      this.state = { name, text, since: name === this.state.name ? this.state.since : this.world.now() };
      this.owner.changed();
    }

    // --- Coming and going ---

    // Somebody wants the socket: connects, unless it is there or on its way.
    open() {
      if (this.#socket || this.#timer !== null || this.state.name === "refused") return;
      if (!this.#isOnline) return this.#setState("offline");
      if (this.state.name === "off") this.#setState("connecting");
      this.#connect();
    }

    // Nobody wants it any more, or for now.
    close() {
      this.#hangUp();
      this.#setState("off");
    }

    // The socket is of no use: lets it go and comes back after `wait` ms.
    restart(why, wait) {
      if (this.#socket) this.#lost(why);
      this.#hangUp();
      if (!this.#isOnline) return this.#setState("offline");
      if (why !== "ticket") this.#setState("reconnecting");
      this.#later(wait);
    }

    restartWithBackoff(why) {
      this.restart(why, backoffMs(this.#attempt++, this.world.random()));
    }

    setOnline(isOnline) {
      this.#saidOffline = !isOnline;
      if (isOnline && this.state.name !== "offline") return;
      if (isOnline) return this.restart("offline", backoffMs(0, this.world.random()));
      if (this.state.name === "off") return;
      if (this.#socket) this.#lost("offline");
      this.#hangUp();
      this.#setState("offline");
    }

    #lost(why) {
      this.#after = why;
      this.owner.count(why);
    }

    #later(wait) {
      this.world.clearTimeout(this.#timer);
      this.#timer = this.world.setTimeout(() => {
        this.#timer = null;
        this.open();
      }, wait);
    }

    #hangUp() {
      this.world.clearTimeout(this.#timer);
      this.world.clearTimeout(this.#ticketTimer);
      this.#timer = null;
      const old = this.#socket;
      this.#socket = null;
      this.#greeted = this.#saidHello = false;
      old?.close(1000);
    }

    #connect() {
      const config = this.owner.config();
      const urls = config.urls;
      const ticket = config.ticketUrl && !this.#withoutTicket ? fetchTicket(this.world, config) : Promise.resolve("");
      const opening = new this.world.WebSocket(urls[this.#urlIndex % urls.length]);
      this.#socket = opening;
      this.#greeted = this.#saidHello = false;
      this.#heardAt = this.world.now();
      opening.onopen = async () => {
        const text = await ticket;
        if (this.#socket === opening) this.#hello(config, text);
      };
      opening.onmessage = (event) => this.#socket === opening && this.#take(JSON.parse(event.data));
      opening.onclose = (event) => this.#socket === opening && this.#closed(event.code, event.reason, urls.length);
    }

    #hello(config, ticket) {
      const message = { op: "hello", v: 1 };
      if (this.#after) message.after = this.#after;
      this.#after = "";
      const sequence = this.owner.accountSequence();
      if (ticket) {
        message.ticket = ticket;
        if (Number.isInteger(sequence)) message.account_sequence = sequence;
      }
      if (ticket === null) this.#askForTicketLater();
      this.missing = missingOf(Boolean(config.ticketUrl), ticket);
      this.#saidHello = true;
      this.say(message);
      this.owner.greeted();
    }

    #askForTicketLater() {
      this.world.clearTimeout(this.#ticketTimer);
      const wait = TICKET_AGAIN_MS + this.world.random() * TICKET_SPREAD_MS;
      this.#ticketTimer = this.world.setTimeout(async () => {
        const socket = this.#socket;
        const ticket = await fetchTicket(this.world, this.owner.config());
        if (!socket || this.#socket !== socket) return;
        if (ticket === null) this.#askForTicketLater();
        else this.restart("ticket", 0);
      }, wait);
    }

    say(message) {
      if (this.#saidHello && this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
    }

    // --- What comes ---

    #take(message) {
      this.#heardAt = this.world.now();
      switch (message.t) {
        case "welcome": return this.#welcomed(message);
        case "h": return this.#heartbeat(message);
        case "bye": this.#retryMs = message.retry_ms; return undefined;
        case "err": return console.warn("stream:", message.code, message.text);
        default: return this.owner.take(message);
      }
    }

    #welcomed(message) {
      this.#greeted = true;
      this.#goodSince = this.world.now();
      this.clock.welcome(message.now, this.world.now());
      this.#setState("live");
      this.owner.changed(); // what is missing may be something else, and the state not
    }

    #heartbeat(message) {
      this.say({ op: "ack", n: message.n });
      this.clock.heartbeat(message.now, message.rtt, this.world.now());
      this.owner.heard();
      this.#setState(message.quotes ? "live" : "stale");
      if (this.world.now() - this.#goodSince > BACKOFF.goodAfter) this.#attempt = this.#ticketRefused = 0;
    }

    #closed(code, reason, candidates) {
      const neverOpened = !this.#greeted && code === 1006;
      this.#socket = null;
      this.#greeted = this.#saidHello = false;
      this.#lost(String(code));
      if (neverOpened && this.#urlIndex + 1 < candidates) {
        this.#urlIndex += 1; // the other address, at once
        return this.#connect();
      }
      if (neverOpened) this.#urlIndex = 0;
      const [attempt, retryMs, ticketRefused] = [this.#attempt++, this.#retryMs, this.#ticketRefused];
      const next = afterClose(code, { attempt, random: this.world.random(), reason, retryMs, ticketRefused });
      this.#retryMs = 0;
      if (code === 4001) this.#ticketRefused += 1;
      this.#withoutTicket = Boolean(next.withoutTicket);
      if (next.reload) this.owner.reload();
      if (next.wait === null) return this.#setState("refused", next.text);
      this.#setState("reconnecting", next.text);
      return this.#later(next.wait);
    }

    // --- Time ---

    // To be called once a second.
    tick() {
      const now = this.world.now();
      const late = lateness(now - this.#tickedAt, TICK_MS);
      this.#tickedAt = now;
      if (late === "late") this.#heardAt = now;
      if (late === "slept") {
        if (this.#socket || this.#timer !== null) this.restart("slept", this.world.random() * BACKOFF.base);
      } else if (this.#socket && now - this.#heardAt > (this.#greeted ? DEADLINE_MS : GREETING_MS)) {
        this.restartWithBackoff("silent");
      }
    }
  }

  Object.assign((globalThis.tredye ||= {}), { Line, fetchTicket });
})();
