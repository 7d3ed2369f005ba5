// When a socket comes back, whether the machine slept, and what the server's clock says: rules for the pages and their worker.
"use strict";

(() => {
  const BACKOFF = { base: 500, cap: 15000, goodAfter: 30000 };
  const MINUTE = 60000;
  const SAMPLES = 60;
  const LATE_MS = 1500;
  const SLEPT_MS = 8000;

  // Full jitter: many pages that lost the same server do not come back in one wave.
  function backoffMs(attempt, random) {
    return Math.floor(random * Math.min(BACKOFF.cap, BACKOFF.base * 2 ** Math.min(attempt, 10)));
  }

  // A server that is full says for how long in the reason of its close: "retry 4200".
  function retryOf(reason) {
    const match = /^retry (\d{1,6})$/.exec(reason ?? "");
    return match ? Math.min(Number(match[1]), MINUTE) : 0;
  }

  // What a close code asks for: when to come back, and whether what shows account data must load anew.
  function afterClose(code, { attempt, random, reason = "", retryMs = 0, ticketRefused = 0 }) {
    switch (code) {
      case 1008: return { wait: MINUTE, reload: false, text: "a limit was broken" };
      case 1012: return { wait: retryMs ? Math.floor(retryMs * (0.5 + random)) : backoffMs(attempt, random), reload: false };
      case 1013: return { wait: retryOf(reason) || 5000 + backoffMs(attempt + 3, random), reload: false, text: "too many connections" };
      case 4001: return { wait: ticketRefused ? backoffMs(attempt, random) : 0, reload: false, withoutTicket: ticketRefused > 0 };
      case 4003: return { wait: null, reload: false, text: "not allowed" };
      case 4008: return { wait: backoffMs(attempt, random), reload: true };
      // At once, but not again and again: what went wrong may do so the next time.
      case 4009: return { wait: attempt ? backoffMs(attempt, random) : 0, reload: true };
      default: return { wait: backoffMs(attempt, random), reload: false };
    }
  }

  // A timer of one second that fires far too late: the machine slept, and its sockets are dead whatever they say. A little too
  // late: it was busy, and what came meanwhile has not been read yet, so silence proves nothing.
  function lateness(elapsedMs, periodMs) {
    const late = elapsedMs - periodMs;
    return late > SLEPT_MS ? "slept" : late > LATE_MS ? "late" : "";
  }

  // What is missing beside live prices: "" when the account's events come too, or there is no account to hear of.
  function missingOf(hasAccount, ticket) {
    if (!hasAccount || ticket) return "";
    return ticket === null ? "your orders follow" : "log in again for your orders";
  }

  // Whether a ticket is for the account of the tabs that it was asked for. The cookie may be another person's by now: who logs
  // in anew in one tab must not be heard of in the others. A digest is "account.log-in"; another log-in of the account will do.
  function isTicketOf(tabs, ticket) {
    const [ours, theirs] = [tabs, ticket].map((login) => (login ?? "").split(".")[0]);
    return Boolean(ours) && ours === theirs;
  }

  // How far the server's clock is ahead of this one, in ms: told by the heartbeat that took the shortest way of the last sixty.
  class Clock {
    #samples = [];
    #before = null;
    #rough = 0;

    // Before a heartbeat was answered nothing is known of the way, and half of it is left out.
    welcome(serverMs, localMs) {
      this.#rough = serverMs - localMs;
      this.#samples = [];
      this.#before = null;
    }

    // The way that it tells is that of the heartbeat before it, which was answered: if that one was kept waiting here, before it
    // was read, its way is long by as much.
    heartbeat(serverMs, rttMs, localMs) {
      const before = this.#before;
      this.#before = { serverMs, localMs };
      if (!before || !Number.isFinite(rttMs) || rttMs < 0) return;
      this.#samples.push({ rtt: rttMs, offset: before.serverMs + rttMs / 2 - before.localMs });
      if (this.#samples.length > SAMPLES) this.#samples.shift();
    }

    #best() {
      return this.#samples.reduce((best, sample) => (best && best.rtt <= sample.rtt ? best : sample), null);
    }

    get offset() {
      return this.#best()?.offset ?? this.#rough;
    }

    get rtt() {
      return this.#best()?.rtt ?? null;
    }
  }

  (globalThis.tredye ||= {}).streamRules = { BACKOFF, backoffMs, retryOf, afterClose, lateness, missingOf, isTicketOf, Clock };
})();
