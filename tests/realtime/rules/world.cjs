// A world for the hub: a clock that is moved by hand, sockets whose other end is the test's. No browser, no network.
"use strict";
for (const name of ["rules", "buffer", "book", "tabs", "line", "poll", "hub"]) require(`../../../static/realtime/${name}.js`);

class Socket {
  constructor(url, world) {
    this.url = url;
    this.world = world;
    this.readyState = 0;
    this.said = [];
    world.sockets.push(this);
  }

  send(text) {
    this.said.push(JSON.parse(text));
  }

  close(code) {
    this.readyState = 3;
    this.closedWith = code;
  }

  // --- The server's end ---

  async accept(more = {}) {
    this.readyState = 1;
    await this.onopen();
    this.tell({ t: "welcome", now: this.world.now(), heartbeat_ms: 1000, ...more });
  }

  tell(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }

  drop(code, reason = "") {
    this.readyState = 3;
    this.onclose({ code, reason });
  }

  of(op) {
    return this.said.filter((message) => message.op === op);
  }
}

function makeWorld({ random = () => 0.5, fetch = async () => ({ status: 401 }) } = {}) {
  const timers = new Map();
  let [time, next] = [1_000_000, 1];
  const world = {
    sockets: [],
    online: true,
    now: () => time,
    random,
    fetch,
    isOnline: () => world.online,
    setTimeout: (run, wait) => timers.set(next, { at: time + wait, run }) && next++,
    clearTimeout: (timer) => timers.delete(timer),
    setInterval: (run, every) => timers.set(next, { at: time + every, run, every }) && next++,
    get last() {
      return world.sockets.at(-1);
    },
    // Lets `ms` pass, every timer at its time; what awaits goes on in between.
    async pass(ms) {
      const end = time + ms;
      for (;;) {
        await new Promise(setImmediate);
        const due = [...timers].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at)[0];
        if (!due) break;
        const [id, timer] = due;
        time = Math.max(time, timer.at);
        if (timer.every) timer.at = time + timer.every;
        else timers.delete(id);
        timer.run();
      }
      time = end;
      await new Promise(setImmediate);
    },
    // The machine sleeps: time passes and no timer fires until it is over.
    sleep(ms) {
      time += ms;
    },
  };
  world.WebSocket = class extends Socket {
    constructor(url) {
      super(url, world);
    }
  };
  return world;
}

const CONFIG = { urls: ["ws://here/stream"], ticketUrl: "", pollUrl: "", login: "", csrf: "" };

// A tab of the hub. It takes what it is told at once, unless it is `busy`.
class FakeTab {
  constructor(hub, { watch = {}, visible = true, sequence = null, config = {}, lock } = {}) {
    this.got = [];
    this.busy = false;
    this.say = hub.connect((message) => {
      this.got.push(message);
      if (!this.busy) this.say({ op: "took" });
    }, (name, dead) => {
      this.die = dead;
    });
    this.hello = () => this.say({ op: "hello", config: { ...CONFIG, ...config }, watch, visible, sequence, lock });
    this.hello();
  }

  take(part) {
    return this.got.flatMap((message) => message[part] ?? []);
  }

  get quotes() {
    return this.take("q").map(([quote]) => quote);
  }

  get state() {
    return this.got.findLast((message) => message.state)?.state;
  }

  get gaps() {
    return this.got.filter((message) => message.gap !== undefined).map(({ gap }) => gap);
  }
}

module.exports = { makeWorld, FakeTab, Hub: globalThis.tredye.Hub };
